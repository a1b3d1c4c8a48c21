/* Plain loops, one example after the other. REAL is double or float; the functions of tgmath.h follow it.

   All parameters are in one vector, layer by layer: the weights (fan_in, fan_out) in row order, then the biases.
   Gradients and velocities have the same layout. sizes has the sizes of all layers, the inputs first; layers is the
   number of layers of weights. units holds the outputs of all layers for one example, its inputs first. */

#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

#ifndef REAL
#define REAL double
#endif
typedef REAL real;
enum { RELU, TANH, LOGISTIC };
enum { SUM, MEAN };

real activation(int kind, real z) {
    if (kind == RELU) return z > 0 ? z : 0;
    if (kind == TANH) return tanh(z);
    real small = exp(-fabs(z));
    return z < 0 ? small / (1 + small) : 1 / (1 + small);
}

/* The derivative, from the output h. */
real slope(int kind, real h) {
    if (kind == RELU) return h > 0;
    if (kind == TANH) return 1 - h * h;
    return h * (1 - h);
}

void activations(int kind, int n, const real *z, real *h) {
    for (int i = 0; i < n; i++) h[i] = activation(kind, z[i]);
}

void derivatives(int kind, int n, const real *z, real *d) {
    for (int i = 0; i < n; i++) d[i] = slope(kind, activation(kind, z[i]));
}

/* The probabilities of one example; returns log sum exp of its scores. */
real softmax(int classes, const real *scores, real *p) {
    real greatest = scores[0], total = 0;
    for (int k = 1; k < classes; k++)
        if (scores[k] > greatest) greatest = scores[k];
    for (int k = 0; k < classes; k++) total += p[k] = exp(scores[k] - greatest);
    for (int k = 0; k < classes; k++) p[k] /= total;
    return greatest + log(total);
}

/* The cross-entropy of one example; delta becomes its gradient on the scores. */
real cross_entropy(int classes, const real *scores, int label, real *delta) {
    real loss = softmax(classes, scores, delta) - scores[label];
    delta[label] -= 1;
    return loss;
}

void forward(int layers, const int *sizes, int kind, const real *parameters, real *units) {
    for (int l = 0; l < layers; l++) {
        int fan_in = sizes[l], fan_out = sizes[l + 1];
        real *z = units + fan_in;
        const real *biases = parameters + fan_in * fan_out;
        memcpy(z, biases, fan_out * sizeof(real));
        for (int i = 0; i < fan_in; i++)
            for (int j = 0; j < fan_out; j++) z[j] += units[i] * parameters[i * fan_out + j];
        if (l < layers - 1) activations(kind, fan_out, z, z);
        parameters = biases + fan_out;
        units = z;
    }
}

/* Adds an example's share to the gradient. parameters, gradient, units and deltas point past their ends;
   deltas is as long as units, and ends with the gradient on the scores. */
static void backward(int layers, const int *sizes, int kind, const real *parameters, const real *units,
                     real *deltas, real *gradient) {
    units -= sizes[layers];
    deltas -= sizes[layers];
    for (int l = layers - 1; l >= 0; l--) {
        int fan_in = sizes[l], fan_out = sizes[l + 1], block = (fan_in + 1) * fan_out;
        const real *x = units - fan_in, *delta = deltas;
        real *below = deltas - fan_in;
        parameters -= block;
        gradient -= block;
        for (int i = 0; i < fan_in; i++) {
            real back = 0;
            for (int j = 0; j < fan_out; j++) {
                gradient[i * fan_out + j] += x[i] * delta[j];
                back += parameters[i * fan_out + j] * delta[j];
            }
            if (l > 0) below[i] = back * slope(kind, x[i]);
        }
        for (int j = 0; j < fan_out; j++) gradient[fan_in * fan_out + j] += delta[j];
        units = x;
        deltas = below;
    }
}

static int sum(int count, const int *numbers) {
    int total = 0;
    for (int i = 0; i < count; i++) total += numbers[i];
    return total;
}

/* The objective on the examples with these indices, and its gradient. */
real objective(int layers, const int *sizes, int kind, const real *parameters, const real *inputs,
               const int *labels, int count, const int *chosen, int reduction, real l2, real *gradient) {
    int dimensions = sizes[0], classes = sizes[layers], width = sum(layers + 1, sizes);
    real *units = malloc(2 * width * sizeof(real)), *deltas = units + width, loss = 0, squares = 0;
    int length = 0;
    for (int l = 0; l < layers; l++) length += (sizes[l] + 1) * sizes[l + 1];
    memset(gradient, 0, length * sizeof(real));
    for (int n = 0; n < count; n++) {
        memcpy(units, inputs + chosen[n] * dimensions, dimensions * sizeof(real));
        forward(layers, sizes, kind, parameters, units);
        loss += cross_entropy(classes, units + width - classes, labels[chosen[n]], deltas + width - classes);
        backward(layers, sizes, kind, parameters + length, units + width, deltas + width, gradient + length);
    }
    free(units);
    if (reduction == MEAN) {
        loss /= count;
        for (int p = 0; p < length; p++) gradient[p] /= count;
    }
    for (int l = 0; l < layers; l++) {
        int weights = sizes[l] * sizes[l + 1];
        for (int w = 0; w < weights; w++) {
            squares += parameters[w] * parameters[w];
            gradient[w] += l2 * parameters[w];
        }
        parameters += weights + sizes[l + 1];
        gradient += weights + sizes[l + 1];
    }
    return loss + l2 * squares / 2;
}

/* Changes the parameters, and fills in losses. Iteration t has counts[t] examples, whose indices in chosen follow
   those of the iteration before; if always is 1, every iteration has the same examples. */
void train(int layers, const int *sizes, int kind, real *parameters, const real *inputs, const int *labels,
           int iterations, const int *counts, const int *chosen, int always, int reduction, real l2,
           const real *rates, real momentum, real *losses) {
    int length = 0;
    for (int l = 0; l < layers; l++) length += (sizes[l] + 1) * sizes[l + 1];
    real *velocity = calloc(2 * length, sizeof(real)), *gradient = velocity + length;
    for (int t = 0; t < iterations; t++) {
        losses[t] = objective(layers, sizes, kind, parameters, inputs, labels, counts[t], chosen, reduction, l2,
                              gradient);
        for (int p = 0; p < length; p++) {
            velocity[p] = momentum * velocity[p] - rates[t] * gradient[p];
            parameters[p] += velocity[p];
        }
        if (!always) chosen += counts[t];
    }
    free(velocity);
}
