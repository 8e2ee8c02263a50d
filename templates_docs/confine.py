"""Assemble and check templates that somebody has uploaded, in a child process with limits.

The sandbox keeps a template away from Python; the child keeps its cost away from everybody else:
processor time, memory and clock are bounded, and what it breaks is its own. The child reads one
pickled job from its parent (who is trusted) and answers with JSON (it is not).
"""

from __future__ import annotations

import base64
import json
import pickle
import resource
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from templates_docs import errors
from templates_docs.assemble import assemble
from templates_docs.check import Problem, check_template
from templates_docs.errors import N_, TemplateError, TooMuchError
from templates_docs.known import FieldShape
from templates_docs.properties import NO_PROPERTIES, DocumentProperties

MEMORY_OF_CHILD = 512 * 2**20
MAX_ANSWER = 64 * 2**20
_REFUSED = 3
_OUT_OF_MEMORY = 4
_CHILD = "import sys; from templates_docs.confine import answer_parent; sys.exit(answer_parent())"


@dataclass(frozen=True, slots=True)
class AssembleJob:
    template: bytes
    context: Mapping[str, object]
    blocks: Mapping[str, bytes]
    properties: DocumentProperties


@dataclass(frozen=True, slots=True)
class CheckJob:
    template: bytes
    blocks: Mapping[str, bytes]
    fields: Mapping[str, FieldShape] | None
    required: tuple[str, ...]


def assemble_confined(
    template: bytes,
    context: Mapping[str, object],
    blocks: Mapping[str, bytes],
    *,
    properties: DocumentProperties = NO_PROPERTIES,
    seconds: int = 10,
) -> bytes:
    """Do what `assemble` does, in a child process of at most `seconds` and 512 MB.

    Raises what `assemble` raises, and TooMuchError when the child had to be stopped.
    """
    answer = _ask(AssembleJob(template, dict(context), dict(blocks), properties), seconds)
    return base64.b64decode(str(answer["document"]), validate=True)


def check_confined(
    template: bytes,
    *,
    blocks: Mapping[str, bytes],
    fields: Mapping[str, FieldShape] | None = None,
    required: Collection[str] = (),
    seconds: int = 10,
) -> list[Problem]:
    """Do what `check.check_template` does, under the same limits."""
    answer = _ask(CheckJob(template, dict(blocks), fields, tuple(required)), seconds)
    found = answer["problems"]
    assert isinstance(found, list)
    return [Problem(**problem) for problem in found]


def _ask(job: AssembleJob | CheckJob, seconds: int) -> Mapping[str, object]:
    command = [sys.executable, "-I", "-c", _CHILD, str(seconds), str(MEMORY_OF_CHILD)]
    try:
        child = subprocess.run(  # noqa: S603 - our own module
            ["setpriv", "--pdeathsig", "KILL", *command],  # noqa: S607 - found on a fixed PATH
            input=pickle.dumps(job),
            capture_output=True,
            # Starting takes time too; the processor limit inside is the exact one.
            timeout=seconds + 10,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _stopped(seconds) from error
    if child.returncode in (_OUT_OF_MEMORY, -signal.SIGXCPU, -signal.SIGKILL):
        raise _stopped(seconds)
    if child.returncode not in (0, _REFUSED) or len(child.stdout) > MAX_ANSWER:
        raise TemplateError(N_("The template could not be processed: its process broke off."))
    answer = json.loads(child.stdout)
    assert isinstance(answer, dict)
    if child.returncode == _REFUSED:
        raise _refusal(answer)
    return answer


def _stopped(seconds: int) -> TooMuchError:
    return TooMuchError(
        N_("The template needs more than {seconds} s or too much memory; it was stopped."),
        seconds=seconds,
    )


def _refusal(answer: Mapping[str, object]) -> TemplateError:
    """Return the child's error again, of the same class if it is one of ours."""
    kind = getattr(errors, str(answer["error"]), TemplateError)
    params, extra = answer["params"], answer["extra"]
    assert isinstance(params, dict)
    assert isinstance(extra, dict)
    if not (isinstance(kind, type) and issubclass(kind, TemplateError)):
        kind = TemplateError
    return kind(str(answer["msgid"]), **{**params, **extra})


def _do(job: AssembleJob | CheckJob) -> dict[str, object]:
    if isinstance(job, AssembleJob):
        document = assemble(job.template, job.context, job.blocks, properties=job.properties)
        return {"document": base64.b64encode(document).decode()}
    found = check_template(
        job.template, blocks=job.blocks, fields=job.fields, required=job.required
    )
    return {"problems": [asdict(problem) for problem in found]}


def answer_parent() -> int:
    """Be the child: limits first, then one job from stdin, its answer to stdout, an exit status."""
    seconds = int(sys.argv[1])
    memory = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our parent
    status = 0
    try:
        answer = _do(job)
    except MemoryError:
        return _OUT_OF_MEMORY
    except TemplateError as error:
        status = _REFUSED
        extra = {
            name: getattr(error, name) for name in ("paragraph", "field") if hasattr(error, name)
        }
        answer = {
            "error": type(error).__name__,
            "msgid": error.msgid,
            "params": {name: value for name, value in error.params.items() if name not in extra},
            "extra": extra,
        }
    sys.stdout.write(json.dumps(answer, default=str))
    return status
