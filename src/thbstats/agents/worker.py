"""Process that computes answers, so that a slow one can be ended.

It reads a request per line from standard input and writes an answer per line. Run it with
``python -m thbstats.agents.worker FOLDER``.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

from thbstats._characters import escape
from thbstats.agents.folder import Folder
from thbstats.agents.replies import Answers
from thbstats.errors import ThbstatsError

_MOST_CHARACTERS = 400_000
_MEMORY = 2**32
"""The bytes of memory of the process; a file within the limits of the folder needs less."""


def reply(answers: Answers, line: str) -> str:
    """Return the answer to a request as one line of JSON, with the id of the request."""
    number = None
    try:
        request = json.loads(line)
        number = request["id"]
        answer = answers.answer(request["tool"], request["arguments"])
        content = {"id": number, "answer": answer}
        text = json.dumps(content, ensure_ascii=True, allow_nan=False, default=str)
    except ThbstatsError as error:
        return _error(number, str(error))
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        return _error(number, f"The request must have valid arguments ({error})")
    except (OSError, MemoryError, RecursionError) as error:
        answers.readings.clear()
        return _error(number, f"The request needs too many resources ({type(error).__name__})")
    if len(text) > _MOST_CHARACTERS:
        return _error(number, "The answer must be shorter. Select fewer categories")
    return text


def _error(number: object, text: str) -> str:
    return json.dumps({"id": number, "error": escape(text[:2000])})


def run(answers: Answers, requests: TextIO, replies: TextIO) -> None:
    """Reply to each request."""
    for line in requests:
        replies.write(reply(answers, line) + "\n")
        replies.flush()


def main(arguments: list[str]) -> None:
    """Run the process; the solver in C prints to standard error."""
    with suppress(ImportError, ValueError, OSError):  # not on Windows, and not lower on macOS
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    own = os.dup(1)
    os.dup2(2, 1)
    answers: Any = Answers(Folder(arguments[0]))
    with open(own, "w", encoding="ascii") as replies:
        run(answers, sys.stdin, replies)


if __name__ == "__main__":
    main(sys.argv[1:])
