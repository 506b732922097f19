"""The peers by name."""

from benchmarks.peers.fcmaes_peers import FCMAES
from benchmarks.peers.peer import Peer
from benchmarks.peers.pycma_peers import PYCMA

PEERS: dict[str, Peer] = {**FCMAES, **PYCMA}
