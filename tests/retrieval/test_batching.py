"""Calls of many threads, made together."""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from retrieval.batching import Batched, Cores, Remembered
from retrieval.embed import KEPT_TEXTS


class Doubling:
    """Doubles numbers; waits before the first call until told to go on, and remembers each call."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.entered = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, numbers: Sequence[int]) -> list[int]:
        """Twice each number."""
        self.calls.append(list(numbers))
        self.entered.set()
        assert self.go_on.wait(10)
        if -1 in numbers:
            raise ValueError("minus one")
        return [2 * number for number in numbers]


def held(doubling: Doubling, batched: Batched[int, int], wanted: Sequence[Sequence[int]]) -> list[list[int]]:
    """What threads get that all come while the first call is under way."""
    with ThreadPoolExecutor(len(wanted)) as pool:
        first = pool.submit(batched, wanted[0])
        assert doubling.entered.wait(10)
        others = [pool.submit(batched, items) for items in wanted[1:]]
        while len(batched._waiting) < len(others):
            threading.Event().wait(0.001)
        doubling.go_on.set()
        return [future.result() for future in (first, *others)]


def test_who_comes_during_a_call_shares_the_next() -> None:
    """Each thread gets what is its own, in order, of two calls in all."""
    doubling = Doubling()
    found = held(doubling, Batched(doubling), [[1], [2, 3], [4], [5]])
    assert found == [[2], [4, 6], [8], [10]]
    assert len(doubling.calls) == 2


def test_no_call_is_longer_than_the_limit() -> None:
    """What does not fit waits for the call after; one that is longer by itself is made alone."""
    doubling = Doubling()
    found = held(doubling, Batched(doubling, limit=2), [[1], [2], [3], [4], [5, 6, 7]])
    assert sorted(found) == [[2], [4], [6], [8], [10, 12, 14]]
    assert all(len(call) <= 2 or call == [5, 6, 7] for call in doubling.calls)


def test_an_error_reaches_those_whose_call_it_was() -> None:
    """Whoever shared the failing call gets the error; later calls work."""
    doubling = Doubling()
    doubling.go_on.set()
    batched: Batched[int, int] = Batched(doubling)
    with pytest.raises(ValueError, match="minus one"):
        batched([-1])
    assert batched([4]) == [8]


def test_who_computes_has_one_core() -> None:
    """Within, torch uses one thread; outside, as many as there are cores."""
    cores = Cores(4)
    busy = [cores.are_busy]
    with cores.one():
        assert torch.get_num_threads() == 1
        busy.append(cores.are_busy)
    assert torch.get_num_threads() == 4
    assert [*busy, cores.are_busy] == [False, True, False]
    torch.set_num_threads(os.cpu_count() or 1)


def test_no_more_threads_compute_than_there_are_cores() -> None:
    """A third thread waits until one of two has done."""
    cores = Cores(2)
    go_on, entered, inside, most = threading.Event(), threading.Semaphore(0), [0], [0]

    def compute() -> None:
        with cores.one():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            entered.release()
            assert go_on.wait(10)
            inside[0] -= 1

    with ThreadPoolExecutor(3) as pool:
        futures = [pool.submit(compute) for _ in range(3)]
        assert entered.acquire(timeout=10)
        assert entered.acquire(timeout=10)
        assert not entered.acquire(timeout=0.05)
        go_on.set()
        for future in futures:
            future.result()
    assert most == [2]
    torch.set_num_threads(os.cpu_count() or 1)


def test_what_was_embedded_lately_is_not_embedded_again() -> None:
    """A text is given to the model once, until so many others have been."""
    asked: list[str] = []

    def lengths(texts: Sequence[str]) -> list[NDArray[np.float32]]:
        asked.extend(texts)
        return [np.array([len(text)], dtype=np.float32) for text in texts]

    remembered = Remembered(lengths, key=str, kept=KEPT_TEXTS)
    assert [vector[0] for vector in remembered(["a", "bb", "a"])] == [1, 2, 1]
    assert [vector[0] for vector in remembered(["bb", "ccc"])] == [2, 3]
    assert asked == ["a", "bb", "ccc"]
    remembered([str(number) for number in range(KEPT_TEXTS)])
    remembered(["a"])
    assert asked.count("a") == 2
