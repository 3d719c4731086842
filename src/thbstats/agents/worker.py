"""Process that computes answers, so that a slow one can be ended.

It reads a request per line from standard input and writes an answer per line. Run it with
``python -m thbstats.agents.worker FOLDER``.
"""

import json
import os
import sys
from typing import Any, TextIO

from thbstats._characters import escape
from thbstats.agents.answers import Answers
from thbstats.agents.folder import Folder
from thbstats.errors import ThbstatsError

_MOST_CHARACTERS = 400_000


def reply(answers: Answers, line: str) -> str:
    """Return the answer to a request as one line of JSON."""
    try:
        request = json.loads(line)
        content = {"answer": answers.answer(request["tool"], request["arguments"])}
        text = json.dumps(content, ensure_ascii=True, allow_nan=False, default=str)
    except ThbstatsError as error:
        return _error(str(error))
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        return _error(f"The request must have valid arguments ({error})")
    except (OSError, MemoryError, RecursionError) as error:
        return _error(f"The request needs too many resources ({type(error).__name__})")
    if len(text) > _MOST_CHARACTERS:
        return _error("The answer must be shorter. Select fewer categories")
    return text


def _error(text: str) -> str:
    return json.dumps({"error": escape(text[:2000])})


def run(answers: Answers, requests: TextIO, replies: TextIO) -> None:
    """Reply to each request."""
    for line in requests:
        replies.write(reply(answers, line) + "\n")
        replies.flush()


def main(arguments: list[str]) -> None:
    """Run the process; the solver in C prints to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    answers: Any = Answers(Folder(arguments[0]))
    with open(own, "w", encoding="ascii") as replies:
        run(answers, sys.stdin, replies)


if __name__ == "__main__":
    main(sys.argv[1:])
