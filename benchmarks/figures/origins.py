"""Where a table comes from: commits, versions, machines, and the peers that are missing."""

from collections.abc import Collection, Sequence
from pathlib import Path

from benchmarks.peers.catalogue import PEERS
from benchmarks.store import Store


def origins_text(folders: Sequence[Path], solvers: Collection[str]) -> str:
    """A list in Markdown."""
    commits: dict[str, set[str]] = {}
    versions: dict[str, set[str]] = {}
    machines: set[str] = set()
    for folder in folders:
        with Store(folder) as store:
            for solver, commit, found, machine in store.origins():
                if solver in solvers:
                    commits.setdefault(commit, set()).add(solver)
                    machines.add(machine)
                    for library, number in found.items():
                        versions.setdefault(library, set()).add(number)
    lines = [f"- commit {commit}: {', '.join(sorted(names))}" for commit, names in sorted(commits.items())]
    lines.append("- " + ", ".join(f"{name} {'/'.join(sorted(found))}" for name, found in sorted(versions.items())))
    lines += [f"- {machine}" for machine in sorted(machines)]
    lines += [f"- {name}: {PEERS[name].settings}" for name in sorted(solvers) if name in PEERS]
    missing = [name for name, peer in PEERS.items() if not peer.installed]
    lines.append("- not installed: " + (", ".join(missing) or "none"))
    return "## Origin\n\n" + "\n".join(lines)
