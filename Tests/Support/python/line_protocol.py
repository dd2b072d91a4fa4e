"""Requests and answers as JSON objects, one a line; ends with the end of the input, which comes when the test process ends."""

import json
import os
import sys

import json_values


def serve(operations):
    """Answers each request `{"op": NAME, …}` with `{"ok": …}` or `{"error": …}`."""
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            answer = {"ok": operations[request["op"]](request)}
        except Exception as error:
            answer = {"error": json_values.exception_json(error)}
        answers.write(json.dumps(answer, ensure_ascii=False) + "\n")
        answers.flush()
    os._exit(0)  # not sys.exit: threads of the ORB may hang in calls
