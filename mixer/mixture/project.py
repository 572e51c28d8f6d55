"""The draw closest to natural proportion: a relative-entropy projection onto linear bounds.

    minimise  Σ x·log(x / natural) − x + natural
    subject to  low ≤ x ≤ high  and  least ≤ A·x ≤ most

The problem is strictly convex, so its solution is unique. Its dual has one variable a bound of A·x
and is smooth: at multipliers v the draw is clip(natural · exp(Bᵀv), low, high). It is minimised by
a projected Newton method (Bertsekas 1982, Projected Newton Methods for Optimization Problems with
Simple Constraints), which converges globally. `softness` above 0 makes a bound a quadratic wish
instead of a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MAX_STEPS = 300
# In shares of the size: a thousandth of a row in a million.
_TOLERANCE = 1e-9
# Cells at a bound keep this part of their curvature, so that a bound whose cells are all clipped
# still has a Newton step.
_CLIPPED = 1e-4
_RIDGE = 1e-11
_STRONGEST = 700.0
_LOOSER = (1e4, 1e2, 1.0)
_DIGITS = 1e-15
_DENSE_BOUNDS = 1500


class Bounds(NamedTuple):
    """least ≤ A·x ≤ most; infinite where there is none. `softness` 0 is a rule."""

    matrix: csr_array
    least: np.ndarray
    most: np.ndarray
    softness: np.ndarray


class Box(NamedTuple):
    """natural > 0 and low ≤ high, float64 [cells]; cells that give nothing are left out."""

    natural: np.ndarray
    low: np.ndarray
    high: np.ndarray


class Projection(NamedTuple):
    """`x` float64 [cells]; `residual`: how far the bounds are missed, as a share of the size."""

    x: np.ndarray
    residual: float


def project(box: Box, bounds: Bounds) -> Projection:
    """Solves to `_TOLERANCE`; a larger residual means that the bounds have no common solution."""
    size = max(1.0, float(box.natural.sum()))
    scaled = Box(box.natural / size, box.low / size, box.high / size)
    dual = _Dual(scaled, bounds, size)
    # Wishes that cannot be met have multipliers as large as 1 / softness: come to them by steps.
    for looser in _LOOSER if bounds.softness.any() else (1.0,):
        dual.minimise(looser)
    return Projection(dual.x * size, dual.residual)


class _Dual:
    """The state of the dual problem; everything is in shares of the size."""

    def __init__(self, box: Box, bounds: Bounds, size: float) -> None:
        self.box = box
        self.matrix, self.target, self.stated_softness, self.is_free = _signed(bounds, size)
        self.softness = self.stated_softness
        self.v = np.zeros(len(self.target))
        self.x = np.zeros(len(box.natural))
        self.value = 0.0
        self.gradient = self.target
        corners = (_distance(corner, box.natural) for corner in (box.low, box.high))
        self.furthest = float(np.maximum(*corners).sum())

    @property
    def residual(self) -> float:
        return self._size_of(self.gradient, self.v)

    def minimise(self, looser: float) -> None:
        """From where it stands, with every softness `looser` times as large."""
        self.softness = self.stated_softness * looser
        self.value = self._evaluate(self.v)
        self.gradient = self._gradient_at(self.v)
        for _ in range(_MAX_STEPS):
            if self.residual <= _TOLERANCE or self._is_hopeless() or not self._step():
                return

    def _is_hopeless(self) -> bool:
        """The dual's value is never below minus the distance of a draw that meets the bounds, and
        no draw in the box is further away than its corners: below that, none meets them."""
        return self.value < -self.furthest - 1e-6 and not self.softness.any()

    def _size_of(self, gradient: np.ndarray, v: np.ndarray) -> float:
        """The largest part of the gradient that does not push a multiplier below zero."""
        held = ~self.is_free & (v <= 0) & (gradient > 0)
        return float(np.abs(np.where(held, 0.0, gradient)).max(initial=0.0))

    def _step(self) -> bool:
        """One Newton step along which the dual falls; False where there is none any more."""
        # Multipliers next to zero that would fall below it are set to zero: otherwise the
        # projection bends the step and it need not descend (Bertsekas' epsilon-active set).
        near = min(1e-3, self.residual)
        held = ~self.is_free & (self.v <= near) & (self.gradient > 0)
        moving = np.flatnonzero(~held)
        direction = np.where(held, -self.v, 0.0)
        direction[moving] = -self._newton(moving)
        before, v, value = self.residual, self.v, self.value
        length = 1.0
        while length > 1e-14:
            trial = v + length * direction
            trial = np.where(self.is_free, trial, np.maximum(trial, 0.0))
            decrease = float(self.gradient @ (trial - v))
            reached = self._evaluate(trial)
            falls = reached <= value + 1e-4 * decrease
            falls = falls and value - reached > _DIGITS * (1 + abs(value))
            if falls or self._is_flatter(trial, reached, before):
                self.v, self.value, self.gradient = trial, reached, self._gradient_at(trial)
                return True
            length /= 2
        self._evaluate(v)
        return False

    def _is_flatter(self, trial: np.ndarray, reached: float, before: float) -> bool:
        """Near the solution the dual's value has no digits left; its gradient still has."""
        if reached > self.value + 1e3 * _DIGITS * (1 + abs(self.value)):
            return False
        return self._size_of(self._gradient_at(trial), trial) < 0.9 * before

    def _newton(self, moving: np.ndarray) -> np.ndarray:
        from scipy.linalg import cho_factor, cho_solve
        from scipy.sparse import diags_array
        from scipy.sparse.linalg import splu

        clipped = (self.x <= self.box.low) | (self.x >= self.box.high)
        curvature = np.where(clipped, self.x * _CLIPPED, self.x)
        matrix = self.matrix[moving]
        weighted = matrix.multiply(curvature[None, :]).tocsr()
        hessian = weighted @ matrix.T
        diagonal = hessian.diagonal()
        ridge = self.softness[moving] + _RIDGE * max(1e-6, float(diagonal.max(initial=0.0)))
        hessian = hessian + diags_array(ridge)
        if len(moving) > _DENSE_BOUNDS:
            return np.asarray(splu(hessian.tocsc()).solve(self.gradient[moving]))
        factor = cho_factor(hessian.toarray())
        return np.asarray(cho_solve(factor, self.gradient[moving]))

    def _evaluate(self, v: np.ndarray) -> float:
        """The dual's value at v; leaves the draw at v in `x`."""
        power = self.matrix.T @ v
        natural, low, high = self.box
        with np.errstate(over="ignore"):
            self.x = np.clip(natural * np.exp(np.minimum(power, _STRONGEST)), low, high)
        share = np.where(self.x > 0, self.x, 1.0) / natural
        conjugate = self.x * power - self.x * np.log(share) + self.x - natural
        return float(conjugate.sum() - self.target @ v + 0.5 * (self.softness * v * v).sum())

    def _gradient_at(self, v: np.ndarray) -> np.ndarray:
        """Of the dual at v, whose draw is in `x`."""
        return np.asarray(self.matrix @ self.x - self.target + self.softness * v)


def _distance(x: np.ndarray, natural: np.ndarray) -> np.ndarray:
    """x·log(x / natural) − x + natural, of each cell."""
    share = np.where(x > 0, x, natural) / natural
    return np.asarray(x * np.log(share) - x + natural)


def _signed(bounds: Bounds, size: float) -> tuple[csr_array, np.ndarray, np.ndarray, np.ndarray]:
    """One row a multiplier: equal bounds are free, the two sides of others are held ≥ 0."""
    from scipy.sparse import diags_array, vstack

    equal = np.flatnonzero(bounds.least == bounds.most)
    least = np.flatnonzero((bounds.least != bounds.most) & np.isfinite(bounds.least))
    most = np.flatnonzero((bounds.least != bounds.most) & np.isfinite(bounds.most))
    rows = np.concatenate([equal, least, most])
    matrix = vstack(
        [bounds.matrix[equal], bounds.matrix[least], -bounds.matrix[most]], format="csr"
    )
    target = np.concatenate([bounds.least[equal], bounds.least[least], -bounds.most[most]]) / size
    is_free = np.arange(len(rows)) < len(equal)
    largest = abs(matrix).max(axis=1).toarray().ravel()
    largest[largest == 0] = 1.0
    scale = diags_array(1 / largest)
    return (scale @ matrix).tocsr(), target / largest, bounds.softness[rows] / largest**2, is_free
