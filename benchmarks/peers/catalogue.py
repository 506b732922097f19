"""The peers by name."""

from benchmarks.peers.fcmaes_peers import FCMAES
from benchmarks.peers.framework_peers import FRAMEWORKS
from benchmarks.peers.model_peers import MODELS
from benchmarks.peers.nlopt_peers import NLOPT
from benchmarks.peers.peer import Peer
from benchmarks.peers.pycma_peers import PYCMA
from benchmarks.peers.scipy_global import SCIPY_GLOBAL
from benchmarks.peers.scipy_local import SCIPY_LOCAL

PEERS: dict[str, Peer] = {
    **SCIPY_GLOBAL,
    **SCIPY_LOCAL,
    **NLOPT,
    **PYCMA,
    **FCMAES,
    **FRAMEWORKS,
    **MODELS,
}
