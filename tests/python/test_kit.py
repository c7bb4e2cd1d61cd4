"""The kit against its protocol: requests in, answers out, without Gauntlet."""

import io
import json
import os
import subprocess
import sys
import threading
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
KIT = os.path.join(HERE, "../../adapters/python")
sys.path.insert(0, KIT)

import gauntlet_adapter as kit  # noqa: E402


class Program:
    """An adapter served by the kit, on pipes."""

    def __init__(self, adapter_class):
        read, write = os.pipe()
        out_read, out_write = os.pipe()
        self._to, self._from = os.fdopen(write, "wb", 0), os.fdopen(out_read, "rb")
        source, target = os.fdopen(read, "rb"), os.fdopen(out_write, "wb", 0)
        server = kit.Server(adapter_class, source, target)
        self._thread = threading.Thread(target=lambda: (server.serve(), target.close()), daemon=True)
        self._thread.start()
        self.hello = json.loads(self._from.readline())
        self._id = 0

    def send(self, **request):
        self._id += 1
        self._to.write((json.dumps({"id": self._id, **request}) + "\n").encode())
        return self._id

    def hear(self):
        return json.loads(self._from.readline())

    def ask(self, **request):
        id = self.send(**request)
        answer = self.hear()
        assert answer.pop("id") == id, answer
        return answer

    def begin(self):
        self.ask(op="create", instance=0, instance_number=0, options={"a": "1"}, uri="x://y")
        self.ask(op="open", session=1, instance=0, name="shop-1")
        return self

    def do(self, op, **members):
        return self.ask(op=op, session=1, **members)

    def end(self):
        self._to.close()
        self._thread.join(5)
        self._from.close()


class Plain(kit.Adapter):
    name, capabilities = "plain", ["SIMPLE_QUEUING"]

    def publish(self, stream, payload):
        if payload == "{}":
            raise kit.ValidationError("empty")
        if payload == "lost":
            raise kit.ConnectionLost("gone")
        if payload == "odd":
            raise RuntimeError("what?")
        return f"{stream}:{payload}"

    def read(self, stream, group, count):
        return [kit.Entry("1", "{}", attempt=2, reclaimed=True), ("2", b"\xff")][:count]

    def ack_many(self, stream, ids, group):
        return [id == "1" for id in ids]

    def ping(self):
        return kit.Answer(True, attempts=2, reconnected=True)

    def info(self):
        return {"uri": self.instance.uri, "options": self.instance.options, "name": self.name}

    def subscribe(self, stream, deliver):
        deliver([("1", "{}")])
        while not self.is_ending:
            time.sleep(0.001)

    def dlq_inspect(self, queue, id):
        return None

    def acquire_partition_lease(self, key, generation_key, owner, ttl_ms):
        return None

    def health_stats(self):
        return {"half": "\ud800"}


class Async(kit.Adapter):
    name, processes = "async", "session"

    async def publish(self, stream, payload):
        return "1"

    async def get_next(self, stream, group):
        return ("1", "{}")

    async def subscribe(self, stream, deliver):
        import asyncio

        deliver([("1", "{}")])
        await asyncio.sleep(3600)


class Kit(unittest.TestCase):
    def setUp(self):
        self.errors, sys.stderr = sys.stderr, io.StringIO()
        self.program = Program(Plain).begin()

    def tearDown(self):
        self.program.end()
        sys.stderr = self.errors

    def test_says_hello_with_what_is_implemented(self):
        hello = self.program.hello
        self.assertEqual(hello["hello"], "gauntlet")
        self.assertEqual(hello["name"], "plain")
        for name in ("publish", "read", "get_next", "ack", "ping", "ensure_connection"):
            self.assertIn(name, hello["operations"])
        for name in ("nack", "trim", "read_blocking"):
            self.assertNotIn(name, hello["operations"])

    def test_hands_over_what_it_was_created_with(self):
        self.assertEqual(
            self.program.do("info")["json"],
            {"uri": "x://y", "options": {"a": "1"}, "name": "shop-1"},
        )

    def test_takes_batches_item_by_item_or_whole(self):
        self.assertEqual(
            self.program.do("publish", stream="s", items=["a", "b"]), {"ids": ["s:a", "s:b"]}
        )
        self.assertEqual(
            self.program.do("ack", stream="s", group="g", items=["1", "2"]),
            {"items": [True, False]},
        )

    def test_tells_what_became_of_each_item(self):
        answer = self.program.do("publish", stream="s", items=["a", "lost"])
        self.assertEqual(answer["items"][0], "s:a")
        self.assertEqual(answer["items"][1]["error"]["kind"], "connection")

    def test_keeps_no_apart_from_dont_know(self):
        for payload, kind, definite in (
            ("{}", "validation", True),
            ("lost", "connection", False),
            ("odd", "other", False),
        ):
            error = self.program.do("publish", stream="s", items=[payload])["error"]
            self.assertEqual((error["kind"], error["definite"]), (kind, definite))
        self.assertIn("RuntimeError: what?", sys.stderr.getvalue())

    def test_hands_over_entries(self):
        self.assertEqual(
            self.program.do("read", stream="s", group="g", count=2)["entries"],
            [
                {"id": "1", "payload": "{}", "attempt": 2, "reclaimed": True},
                {"id": "2", "payload": {"base64": "/w=="}},
            ],
        )
        self.assertEqual(len(self.program.do("get_next", stream="s", group="g")["entries"]), 1)

    def test_tells_of_retries_and_new_connections(self):
        self.assertEqual(
            self.program.do("ping"), {"number": True, "attempts": 2, "reconnected": True}
        )
        self.assertEqual(self.program.do("ensure_connection")["number"], True)

    def test_nothing_is_an_answer(self):
        self.assertEqual(self.program.do("dlq_inspect", stream="q", items=["1"]), {"json": None})
        self.assertEqual(
            self.program.do(
                "acquire_partition_lease", key="k", generation_key="g", token="o", duration_ms=1
            ),
            {"empty": True},
        )

    def test_what_is_not_there_is_not_supported(self):
        error = self.program.do("trim", stream="s", count=1)["error"]
        self.assertEqual((error["kind"], error["definite"]), ("not_supported", True))

    def test_what_no_json_can_say_is_an_error(self):
        self.assertEqual(self.program.do("health_stats")["error"]["kind"], "other")

    def test_advice_is_given_once(self):
        class Advised(kit.Instance):
            advice = "say --share"

        class Plain(kit.Adapter):
            instance_class = Advised

        program = Program(Plain)
        program.send(op="create", instance=0, options={})
        self.assertEqual(program.hear(), {"log": "say --share", "level": "warning"})
        self.assertEqual(program.hear(), {"id": 1})
        self.assertEqual(program.ask(op="create", instance=1, options={}), {})
        program.end()

    def test_a_forgotten_return_is_no_answer(self):
        class Forgetful(kit.Adapter):
            def publish(self, stream, payload):
                pass

            def ack(self, stream, id, group):
                pass

            nack = ack

        program = Program(Forgetful).begin()
        error = program.do("publish", stream="s", items=["{}"])["error"]
        self.assertFalse(error["definite"])
        self.assertIn("publish returned None: return the id it was stored under", error["message"])
        said = json.dumps(program.do("ack", stream="s", group="g", items=["1"]))
        self.assertIn("ack returned None: return True or False", said)
        program.end()

    def test_a_subscription_delivers_until_its_session_ends(self):
        id = self.program.send(op="subscribe", session=1, stream="s")
        self.assertEqual(
            self.program.hear(), {"deliver": id, "entries": [{"id": "1", "payload": "{}"}]}
        )
        closing = self.program.send(op="close", session=1)
        answers = [self.program.hear(), self.program.hear()]
        self.assertEqual(sorted(answer["id"] for answer in answers), [id, closing])

    def test_a_session_that_is_not_there(self):
        error = self.program.ask(op="ping", session=9)["error"]
        self.assertEqual((error["kind"], error["definite"]), ("connection", True))

    def test_asynchronous_operations(self):
        program = Program(Async).begin()
        self.assertEqual(program.hello["processes"], "session")
        self.assertEqual(program.do("publish", stream="s", items=["{}", "{}"]), {"ids": ["1", "1"]})
        id = program.send(op="subscribe", session=1, stream="s")
        self.assertEqual(program.hear()["deliver"], id)
        self.assertEqual(program.do("get_next", stream="s", group="g")["entries"][0]["id"], "1")
        program.end()

    def test_print_does_not_reach_the_wire(self):
        program = "from gauntlet_adapter import *\nclass A(Adapter):\n pass\nprint('early')\nmain(A)"
        done = subprocess.run(
            [sys.executable, "-c", program.replace("print('early')\n", "")],
            input=b"", capture_output=True, cwd=KIT, timeout=20,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.count(b"\n"), 1)


if __name__ == "__main__":
    unittest.main()
