"""A formula in LaTeX as text for a terminal."""

from __future__ import annotations

import re

import pytest

from nnspec.specification import chapters
from nnspec.specification.formula_text import formula_text
from nnspec.specification.front import FRONT, Formula

FORMULAS = [entry.clause.formula for entry in chapters.entries() if entry.clause.formula] + [
    block.latex for part in FRONT for block in part.blocks if isinstance(block, Formula)
]


@pytest.mark.parametrize("latex", FORMULAS)
def test_nothing_of_latex_is_left(latex):
    text = formula_text(latex)

    assert re.findall(r"[\\{}$&~]", text) == []
    assert text.isprintable()
    assert text == text.strip()


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"p_k = \frac{e^{f_k}}{\sum_j e^{f_j}}", "pₖ = e^(fₖ) / Σⱼ e^(fⱼ)"),
        (
            r"h = \tanh z = \frac{e^z - e^{-z}}{e^z + e^{-z}}",
            "h = tanh z = (eᶻ − e⁻ᶻ) / (eᶻ + e⁻ᶻ)",
        ),
        (r"\frac{dh}{dz} = 1 - \tanh^2 z = 1 - h^2", "dh/dz = 1 − tanh² z = 1 − h²"),
        (r"\hat{y}_i = \operatorname{argmax}_k f_{ik}", "ŷᵢ = argmaxₖ fᵢₖ"),
        (r"L_\text{sum} = N \cdot L_\text{mean}", "L_sum = N · L_mean"),
        (r"L \approx -\log \frac{1}{K} = \ln K", "L ≈ −log(1/K) = ln K"),
        (r"L = -\frac{1}{N} \sum_i \log p_{i y_i}", "L = −1/N · Σᵢ log p_(i yᵢ)"),
        (r"0 \le -\log p_y < \infty", "0 ≤ −log p_y < ∞"),
        (
            r"\frac{\lambda}{2} \sum_l \sum_{i,j} \left(W^{(l)}_{ij}\right)^2",
            "λ/2 · Σₗ Σ_(i,j) (W⁽ˡ⁾ᵢⱼ)²",
        ),
        (
            r"\frac{\partial}{\partial W} \frac{\lambda}{2} \lVert W \rVert^2 = \lambda W",
            "∂/∂W (λ/2 · ‖W‖²) = λ W",
        ),
        (
            r"\frac{\partial L}{\partial W} = X^T \delta, \quad \frac{\partial L}{\partial b} = \sum_i \delta_i",
            "∂L/∂W = Xᵀ δ,   ∂L/∂b = Σᵢ δᵢ",
        ),
        (
            r"\delta^{(l)} = \left(\delta^{(l+1)} {W^{(l+1)}}^T\right) \circ \varphi'\left(z^{(l)}\right)",
            "δ⁽ˡ⁾ = (δ⁽ˡ⁺¹⁾ W⁽ˡ⁺¹⁾ᵀ) ∘ φ′(z⁽ˡ⁾)",
        ),
        (
            r"\frac{L(\theta + \varepsilon e_i) - L(\theta - \varepsilon e_i)}{2 \varepsilon}",
            "(L(θ + ε eᵢ) − L(θ − ε eᵢ)) / (2 ε)",
        ),
        (r"h \, \nabla L \cdot v = O(h^2)", "h ∇L · v = O(h²)"),
        (r"\theta \leftarrow \theta - \mu \frac{\partial L}{\partial \theta}", "θ ← θ − μ ∂L/∂θ"),
        (r"\mu_t = \mu_0 \, d^{\lfloor t / n \rfloor}", "μₜ = μ₀ d^⌊t / n⌋"),
        (r"W = \frac{\mathcal{N}(0, 1)}{\sqrt{\text{fan-in}}}", "W = N(0, 1) / √(fan-in)"),
        (
            r"x W + b = \begin{pmatrix} x & 1 \end{pmatrix} \begin{pmatrix} W \\ b \end{pmatrix}",
            "x W + b = [x, 1] [W; b]",
        ),
    ],
)
def test_a_formula_reads_as_it_would_be_typed(latex, expected):
    assert formula_text(latex) == expected


def test_an_unknown_command_is_an_error():
    with pytest.raises(ValueError, match=r"^unknown LaTeX command \\oint$"):
        formula_text(r"\oint f = 0")
