from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cocoex", reason="needs coco-experiment: make bench-setup")
pytest.importorskip("six", reason="needs cocopp: make bench-setup")


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_our_counts_and_targets_are_those_of_cocos_own_logs(tmp_path: Path) -> None:
    pytest.importorskip("cocopp", reason="needs cocopp: make bench-setup")
    from benchmarks.coco_check import DIMENSIONS, FUNCTIONS, compare

    pairs = compare(tmp_path)
    assert len(pairs) == len(FUNCTIONS) * len(DIMENSIONS)
    assert all(pair.equal for pair in pairs)
    assert sum(np.isfinite(pair.ours).sum() for pair in pairs) > 300
