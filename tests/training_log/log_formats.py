"""Logs of one run in every format that people's programs print: its name, its text, and the iterations in it."""

from __future__ import annotations

import json

#: What the run prints: the first iterations of CS231n's linear classifier, each with the loss and the accuracy.
LOSSES = {0: "1.0970", 1: "1.0686", 2: "1.0434", 3: "1.0210", 4: "1.0009"}
FROM_0, FROM_1 = list(LOSSES), [1 + i for i in LOSSES]
LIST = list(LOSSES.values())


def each(pattern, start=0, joined="\n"):
    """A line for each loss: {i} is the iteration, counted from start, {l} the loss, {v} another loss."""
    lines = [
        pattern.format(
            i=i + start, l=loss, v=f"{float(loss) * 1.2:.4f}", s=f"{i:02d}", c=loss.replace(".", ",")
        )
        for i, loss in LOSSES.items()
    ]
    return joined.join(lines) + "\n"


BLOCKS = "━" * 20
KERAS_3 = (
    "\x1b[1m1/10\x1b[0m \x1b[32m━━\x1b[0m\x1b[37m━━━━━━━━━━━━━━━━━━\x1b[0m \x1b[1m0s\x1b[0m 30ms/step "
    "- accuracy: 0.3000 - loss: {v}\x08\x08\x08\x08\x08\x08\r\x1b[1m10/10\x1b[0m \x1b[32m"
    + BLOCKS
    + "\x1b[0m\x1b[37m\x1b[0m \x1b[1m0s\x1b[0m "
    "2ms/step - accuracy: 0.4900 - loss: {l} - val_accuracy: 0.5000 - val_loss: {v}"
)
MLFLOW = '{{"key": "loss", "value": {l}, "step": {i}}}'
TRAINER = '{{"epoch": 1.5, "loss": {l}, "step": {i}}}'

#: name: (text, iterations)
FORMATS = {
    "CS231n": (each("iteration {i}: loss {l}"), FROM_0),
    "WildML": (each("Loss after iteration {i}: {l}"), FROM_0),
    "Ng's course": (each("Cost after iteration {i}: {l}"), FROM_0),
    "scikit-learn": (each("Iteration {i}, loss = {l}", 1), FROM_1),
    "PyTorch": (each("Epoch [{i}/200], Loss: {l}", 1), FROM_1),
    "PyTorch with steps": (each("Epoch [{i}/5], Step [1/1], Loss: {l}, Acc: 49.00%", 1), FROM_1),
    "PyTorch tensors": (each("{i} tensor({l}, grad_fn=<NllLossBackward0>)"), FROM_0),
    "PyTorch's tutorial": (each("loss: {l}  [  300/  300]\nAvg loss: {v}"), FROM_0),
    "brackets": (each("[{i}] train loss {l} | test loss {v}"), FROM_0),
    "Lightning": (
        each(
            "Epoch {i}: 100%|██████████| 10/10 [00:00<00:00, 85.2it/s, v_num=0, train_loss={l}]", joined=" \r"
        ),
        FROM_0,
    ),
    "Lightning redrawn": (
        each(
            "Epoch {i}:   0%|          | 0/10 [00:00<?, ?it/s, v_num=0, train_loss={v}]\r"
            "Epoch {i}: 100%|██████████| 10/10 [00:00<00:00, 85.2it/s, v_num=0, train_loss={l}]"
        ),
        FROM_0,
    ),
    "tqdm": (each(" {i}%|{i:#<10}| {i}/200 [00:0{i}<00:09, 21.1it/s, loss={l}]", joined=" \r"), FROM_0),
    "tqdm before its bar": (
        each("train:  10%|█         | {i}/200 [00:00<?, ?it/s, acc=0.49, loss={l}]"),
        FROM_0,
    ),
    "tqdm in seconds": (each("loss {l}:   1%|▏         | {i}/200 [1:02:03<10:00:00, 12.50s/it]"), FROM_0),
    "Keras 1": (
        each(
            "Epoch {i}/200\n\r 1/10 [==>...........................] - ETA: 0s - loss: {v} - acc: 0.3000\x08\x08\x08"
            "\r10/10 [==============================] - 0s 2ms/step - loss: {l} - acc: 0.4900",
            1,
        ),
        FROM_1,
    ),
    "Keras 1 in a file": (
        each(
            "Epoch {i}/200\n 1/10 [==>...........................] - ETA: 0s - loss: {v} - accuracy: 0.3000\n"
            "10/10 [==============================] - 0s 2ms/step - loss: {l} - accuracy: 0.4900 - val_loss: {v}",
            1,
        ),
        FROM_1,
    ),
    "Keras 2": (
        each("Epoch {i}/200\n10/10 - 0s - loss: {l} - accuracy: 0.4900 - 12ms/epoch - 1ms/step", 1),
        FROM_1,
    ),
    "Keras 3": (each("Epoch {i}/200\n" + KERAS_3, 1), FROM_1),
    "Keras 3, verbose=2": (
        each("Epoch {i}/200\n10/10 - 0s - 2ms/step - accuracy: 0.49 - loss: {l}", 1),
        FROM_1,
    ),
    "old Keras": (
        each("Epoch {i}/200\n300/300 [==============================] - 0s 39us/step - loss: {l}", 1),
        FROM_1,
    ),
    "Keras' dictionary": (
        json.dumps({"accuracy": [0.3] * 5, "val_loss": [2.0] * 5, "loss": list(map(float, LIST))}),
        FROM_0,
    ),
    "Keras' CSVLogger": (each("{i},0.49,{l},{v}").join(["epoch,accuracy,loss,val_loss\n", ""]), FROM_0),
    "TensorBoard CSV": (each("1700000000.{s}3,{i},{l}").join(["Wall time,Step,Value\n", ""]), FROM_0),
    "TensorBoard JSON": (f"[{each('[1700000000.{s}, {i}, {l}]', joined=', ').strip()}]", FROM_0),
    "wandb": (
        each(
            '{{"_step": {i}, "train/loss": {l}, "val/loss": {v}, "_runtime": {s}.5, "_timestamp": 17e8}}'.replace(
                "{s}.5", "1.5"
            )
        ),
        FROM_0,
    ),
    "wandb CSV": (
        each('"{i}","{l}","{l}","{v}"').join(
            ['"Step","run-1 - loss","run-1 - loss__MIN","run-1 - loss__MAX"\n', ""]
        ),
        FROM_0,
    ),
    "MLflow": (each('{{"key": "loss", "value": {l}, "timestamp": 1700000000{s}3, "step": {i}}}'), FROM_0),
    "MLflow's files": (each("1700000000{s}3 {l} {i}"), FROM_0),
    "MLflow's answers": (
        f'{{"metrics": [{each(MLFLOW, joined=", ").strip()}]}}',
        FROM_0,
    ),
    "transformers": (
        each("{{'loss': {l}, 'grad_norm': 0.5, 'learning_rate': 5e-05, 'epoch': {i}.0}}"),
        FROM_0,
    ),
    "trainer_state": (
        f'{{"best_metric": null, "log_history": [{each(TRAINER, joined=", ").strip()}]}}',
        FROM_0,
    ),
    "savetxt": ("".join(f"{float(loss):.18e}\n" for loss in LIST), FROM_0),
    "savetxt, 2 columns": ("".join(f"{i:.18e} {float(loss):.18e}\n" for i, loss in LOSSES.items()), FROM_0),
    "savetxt with names": ("# step loss acc\n" + each("{i} {l} 0.49"), FROM_0),
    "one loss a line": (each("{l}"), FROM_0),
    "one loss a line, with its name": (each("loss: {l}"), FROM_0),
    "columns": (each("{i}\t{l}"), FROM_0),
    "colon": (each("{i}: {l}"), FROM_0),
    "skorch": (
        "  epoch    train_loss     dur\n-------  ----------  ------\n"
        + each("      {i}        {l}  0.0132", 1),
        FROM_1,
    ),
    "fastai": ("epoch     train_loss  valid_loss  time\n" + each("{i}         {l}    {v}    00:00"), FROM_0),
    "Markdown": ("| step | loss |\n|---:|---:|\n" + each("| {i} | {l} |"), FROM_0),
    "commas": (each("iteration {i}: loss {c}"), FROM_0),
    "commas between commas": (each("Epoche {i}, epoch {i}, loss {c}, acc 0,49"), FROM_0),
    "commas alone": (each("{c}"), FROM_0),
    "commas in CSV": ("epoch;loss;acc\n" + each("{i};{c};0,49"), FROM_0),
    "commas in columns": (each("{i} {c}"), FROM_0),
    "logging": (each("2024-05-01 12:00:{s},123 INFO train.py:42 root: iteration {i} loss {l}"), FROM_0),
    "logging without iterations": (each("2024-05-01 12:00:{s},123 - INFO - loss: {l}"), FROM_0),
    "ISO times": (each("[2024-05-01T12:00:{s}.123Z] step={i} loss={l} lr=1.0e+00"), FROM_0),
    "glog": (each("I0501 12:00:{s}.123456 12345 train.cc:10] Iteration {i}, loss = {l}"), FROM_0),
    "syslog": (each("May  1 12:00:{s} host train[123]: epoch {i}: loss: {l} (took 0.5 s)"), FROM_0),
    "clock": (each("12:00:{s} loss {l}"), FROM_0),
    "American dates": (each("05/01/2024 12:00:{s} PM epoch {i} loss {l}"), FROM_0),
    "parts": (each("iteration {i}: data_loss {v} reg_loss 0.1 loss {l}"), FROM_0),
    "validation first": (each("step {i} val loss {v} train loss {l}"), FROM_0),
    "validation beside": (each("epoch {i} | loss {l} | val_loss {v} | acc 49.00%"), FROM_0),
    "camel case": (each("epoch={i} testLoss={v} trainLoss={l} gradNorm=0.5"), FROM_0),
    "in brackets": (each("step {i}: loss (val) {v}, loss (train) {l}"), FROM_0),
    "on two lines": (each("Iteration {i}\n  loss = {l}"), FROM_0),
    "a summary at the end": (
        each("epoch {i} loss {l}") + "Training finished. Final loss: 1.0009, test loss 1.5\n",
        FROM_0,
    ),
    "other lines": (
        "Python 3.11, torch 2.1\nseed 7, learning rate 1.0\n" + each("it {i} loss {l}\nsaved after 10"),
        FROM_0,
    ),
    "glued": (each("epoch{i}: loss={l}"), FROM_0),
    "with a number sign": (each("Epoch #{i} - loss {l}"), FROM_0),
    "JSON by iteration": ("{" + each('"{i}": {l}', joined=", ").strip() + "}", FROM_0),
    "JSON list": (f"[{', '.join(LIST)}]", FROM_0),
    "R": (each("[1] {l}"), FROM_0),
    "Windows": (each("iteration {i}: loss {l}", joined="\r\n"), FROM_0),
}
