"""gauntlet_adapter: write an adapter for Gauntlet in Python.  One file, standard library only.

Subclass Adapter, implement the operations that your broker has, and call main:

    from gauntlet_adapter import Adapter, main

    class MyAdapter(Adapter):
        name = "my_broker"
        capabilities = ["SIMPLE_QUEUING"]

        def publish(self, stream, payload):
            return self.client.send(stream, payload)        # the id it was stored under

        def read(self, stream, group, count):
            return [(m.id, m.text) for m in self.client.receive(stream, group, count)]

    if __name__ == "__main__":
        main(MyAdapter)

One object is made for each session (one consumer, one producer: usually one connection).  What all
sessions of one broker share belongs to an Instance: subclass that too where there is something.

Operations may be plain functions, and then each session has a thread of its own; or `async def`,
and then all sessions run on one event loop.  A function that blocks is fine.

Payloads are text: one JSON object each.  Pass them on unchanged, and hand them back unchanged.

What an operation returns stands beside it in the class Adapter.  Where something goes wrong, raise
one of the errors below.  Any other exception counts as "nobody knows whether it happened", and its
traceback goes to standard error, which Gauntlet keeps and shows.

Never print to standard output: that is where the answers go.  print is sent to standard error.
"""

import base64
import inspect
import json
import os
import queue
import sys
import threading
import traceback

PROTOCOL = 1


# --- Errors: "no" is kept apart from "don't know" ---------------------------------------------------


class AdapterError(Exception):
    """The broker's own trouble.  definite=True promises that the operation did not happen."""

    kind = "other"
    definite = False

    def __init__(self, message="", definite=None):
        super().__init__(message)
        if definite is not None:
            self.definite = definite


class ValidationError(AdapterError):
    """The arguments can never be right (an empty message).  Nothing happened."""

    kind, definite = "validation", True


class ConnectionLost(AdapterError):
    """Unreachable, dropped, timed out.  Say definite=True when the request was not sent."""

    kind = "connection"


class LeaseLost(AdapterError):
    """A fenced operation with a token that no longer holds.  Nothing happened."""

    kind, definite = "lease_lost", True


class NotSupported(AdapterError):
    """The broker has no such operation.  Nothing happened."""

    kind, definite = "not_supported", True


# --- Answers ---------------------------------------------------------------------------------------


class Entry:
    """A delivered message, where (id, payload) does not say enough.

    attempt: 1 for the first delivery to the group, 2 for the next, 0 when nobody knows."""

    __slots__ = ("id", "payload", "attempt", "own_pending", "reclaimed")

    def __init__(self, id, payload, attempt=0, own_pending=False, reclaimed=False):
        self.id, self.payload, self.attempt = id, payload, attempt
        self.own_pending, self.reclaimed = own_pending, reclaimed


class Answer:
    """A result with what Gauntlet may want to know beside it.

    attempts: how often the command was sent; over 1 means that copies are possible.
    reconnected: the connection was lost and made again since this session's last answer.
    detail: one line for people."""

    def __init__(self, value=None, attempts=1, reconnected=False, detail=None):
        self.value, self.attempts = value, attempts
        self.reconnected, self.detail = reconnected, detail


# --- What you write --------------------------------------------------------------------------------


class Instance:
    """One broker under one configuration; all its sessions share it.

    uri: where the broker is, or None.  Use it as it is: it may already point at a proxy.
    options: a dict of text by option; absent ones are left out.
    number: from 0 within one run."""

    advice = None  # one line for people, shown once as a warning

    def __init__(self, uri, options, number):
        self.uri, self.options, self.number = uri, options, number

    def capabilities(self):
        """What is promised under these options; None: what the adapter declares."""
        return None

    def close(self):
        """After its last session."""


class Adapter:
    """One session.  Attributes describe the adapter; methods are its operations.

    Leave out what your broker does not have: the others are asked for by name."""

    name = "unnamed"
    summary = "an adapter in Python"
    # Flags, or tiers that stand for several: BASIC_PUBSUB, SIMPLE_QUEUING, RELIABLE_MESSAGING, ...
    capabilities = ["BASIC_PUBSUB"]
    # "in_process": the broker lives in this process and ends with it.
    traits = []
    # Where instances and sessions live: in one "shared" process, or a process for each "instance" or
    # each "session".  Sessions of their own are needed only where a crash must be a real one.
    processes = "shared"
    # Facts that operations cannot show: redelivery_time_ms, redelivery_soonest_ms, retry_budget,
    # block_cap_ms, trim_granularity, trims, dlq_populated_by.
    profile = {}
    # Options users may set: dicts with key, help, and type, default, choices, minimum, maximum.
    options = []
    # Faults that a scenario may give the broker (disturb, restore): dicts with key, help, and type,
    # default, choices, minimum, maximum of the value it takes; stream, group, entry: True where it
    # needs one, lasts: True where it holds until it is restored, own: True where it touches the named
    # stream only.
    disturbances = []
    instance_class = Instance

    def __init__(self, instance, name, consumer):
        """instance: yours.  name: the actor's, for logs.  consumer: the name to use inside groups,
        or None: then make a unique one.  Connect here, or lazily."""
        self.instance, self.name, self.consumer = instance, name, consumer

    def close(self):
        """The end of the session, in good order."""

    def abandon(self):
        """Its end as in a crash: give nothing back.  Drop the connection."""

    # Operations.  Implement those your broker has, under these names.
    #
    # publish(stream, payload) -> id                       or publish_many(stream, payloads) -> [id]
    # read(stream, group, count) -> a list of (id, payload) or Entry
    # get_next(stream, group) -> one of these, or None     (without it: read of one)
    # read_blocking(stream, group, consumer, timeout_ms, count) -> a list, empty after timeout_ms
    # ack(stream, id, group) -> bool                       or ack_many(stream, ids, group) -> [bool]
    # nack(stream, id, group) -> bool                      or nack_many(stream, ids, group) -> [bool]
    # subscribe(stream, deliver): call deliver([(id, payload), ...]) until self.is_ending
    # read_from(stream, position, count) -> a list; position: "start" or the id before the first
    # ping() -> bool;  ensure_connection() -> bool         (without it: ping)
    # health_stats() -> {"status": "healthy", "connected": True, "last_ping_ms": None,
    #     "uptime_seconds": 1.5, "details": {"message_counts": {"total_messages": 3, "in_flight": 1}}}
    # info() -> {group: {"consumers": [names], "consumer_count": 1, "created_at": "...",
    #     "in_flight": {stream: 1}}}
    # ensure_group(stream, group);  data_reset()
    # dlq_list(queues, limit) -> [dict];  dlq_inspect(queue, id) -> dict or None
    # dlq_replay(queue, id, target) -> bool;  dlq_replay_all(queue, target) -> count
    # dlq_purge(queue) -> count;  dlq_trim(queue, min_id) -> count;  dlq_depth(queue) -> count
    # trim(stream, maxlen) -> count
    # record_partition(category, key);  partition_keys(category) -> [key]
    # reap_partition(category, key, min_idle_ms, lane) -> bool
    # acquire_partition_lease(key, generation_key, owner, ttl_ms) -> generation or None
    # renew_partition_lease(key, token, ttl_ms) -> bool;  release_partition_lease(key, token) -> bool
    # read_partition_fenced(stream, group, consumer, key, token, count, new) -> a list
    # ack_partition_fenced(stream, id, group, key, token) -> bool
    # reclaim_partition_pending(stream, group, consumer, min_idle_ms, count) -> a list
    # tamper(verb, stream, group, item) -> bool
    # stream_depth(stream) -> count;  stream_remove(stream)
    # disturb(fault, argument, stream, group, id, preview) -> the undo, a dict;  restore(undo)

    is_ending = False  # True once the session is being closed: a subscription then returns


# --- From requests to your operations --------------------------------------------------------------


def _one(items):
    return items[0] if items else None


# operation: (arguments from the request, kind of answer)
_OPERATIONS = {
    "get_next": (lambda r: (r["stream"], r["group"]), "entry"),
    "read": (lambda r: (r["stream"], r["group"], r["count"]), "entries"),
    "read_blocking": (
        lambda r: (r["stream"], r["group"], r.get("consumer"), r["duration_ms"], r["count"]),
        "entries",
    ),
    "read_from": (lambda r: (r["stream"], r["key"], r["count"]), "entries"),
    "tamper": (lambda r: (r["verb"], r["stream"], r.get("group"), _one(r["items"])), "number"),
    "ping": (lambda r: (), "number"),
    "ensure_connection": (lambda r: (), "number"),
    "health_stats": (lambda r: (), "json"),
    "info": (lambda r: (), "json"),
    "ensure_group": (lambda r: (r["stream"], r["group"]), "nothing"),
    "data_reset": (lambda r: (), "nothing"),
    "dlq_list": (lambda r: (r["items"], r["count"]), "json"),
    "dlq_inspect": (lambda r: (r["stream"], _one(r["items"])), "json"),
    "dlq_replay": (lambda r: (r["stream"], _one(r["items"]), r["target"]), "number"),
    "dlq_replay_all": (lambda r: (r["stream"], r["target"]), "number"),
    "dlq_purge": (lambda r: (r["stream"],), "number"),
    "dlq_trim": (lambda r: (r["stream"], _one(r["items"])), "number"),
    "dlq_depth": (lambda r: (r["stream"],), "number"),
    "trim": (lambda r: (r["stream"], r["count"]), "number"),
    "record_partition": (lambda r: (r["stream"], r["key"]), "nothing"),
    "partition_keys": (lambda r: (r["stream"],), "keys"),
    "reap_partition": (
        lambda r: (r["stream"], r["key"], r["duration_ms"], r.get("target")),
        "number",
    ),
    "acquire_partition_lease": (
        lambda r: (r["key"], r["generation_key"], r["token"], r["duration_ms"]),
        "number",
    ),
    "renew_partition_lease": (lambda r: (r["key"], r["token"], r["duration_ms"]), "number"),
    "release_partition_lease": (lambda r: (r["key"], r["token"]), "number"),
    "read_partition_fenced": (
        lambda r: (
            r["stream"],
            r["group"],
            r.get("consumer"),
            r["key"],
            r["token"],
            r["count"],
            not r.get("own_pending", False),
        ),
        "entries",
    ),
    "ack_partition_fenced": (
        lambda r: (r["stream"], _one(r["items"]), r["group"], r["key"], r["token"]),
        "number",
    ),
    "reclaim_partition_pending": (
        lambda r: (r["stream"], r["group"], r.get("consumer"), r["duration_ms"], r["count"]),
        "entries",
    ),
    "stream_depth": (lambda r: (r["stream"],), "number"),
    "stream_remove": (lambda r: (r["stream"],), "nothing"),
    "disturb": (
        lambda r: (
            r["key"],
            r.get("token"),
            r.get("stream"),
            r.get("group"),
            _one(r["items"]) if r.get("items") else None,
            r.get("preview", False),
        ),
        "json",
    ),
    "restore": (lambda r: (json.loads(_one(r["items"])),), "nothing"),
}

# These take one item of a batch, or all of it under the name that ends in _many.
_BATCHES = {
    "publish": (lambda r, item: (r["stream"], item), lambda r: (r["stream"], r["items"])),
    "ack": (lambda r, item: (r["stream"], item, r["group"]),
            lambda r: (r["stream"], r["items"], r["group"])),
    "nack": (lambda r, item: (r["stream"], item, r["group"]),
             lambda r: (r["stream"], r["items"], r["group"])),
}  # fmt: skip

OPERATIONS = sorted([*_OPERATIONS, *_BATCHES, "subscribe"])


# An operation that another one can stand for.
_STAND_INS = {"get_next": "read", "ensure_connection": "ping"}


def _offers(adapter_class, operation):
    names = [operation, _STAND_INS.get(operation, operation)]
    if operation in _BATCHES:
        names.append(operation + "_many")
    return any(callable(getattr(adapter_class, name, None)) for name in names)


def _text(item):
    """Bytes of a message as they came: text, or {"base64": ...} where they are no UTF-8."""
    return base64.b64decode(item["base64"]) if isinstance(item, dict) else item


def _payload(payload):
    if isinstance(payload, str):
        return payload
    if not isinstance(payload, (bytes, bytearray)):
        raise TypeError(f"a payload is text, and this is {type(payload).__name__}: pass it on as it came")
    try:
        return bytes(payload).decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(payload).decode()}


def _entry(entry):
    if isinstance(entry, Entry):
        found = {"id": str(entry.id), "payload": _payload(entry.payload)}
        for name in ("attempt", "own_pending", "reclaimed"):
            if getattr(entry, name):
                found[name] = getattr(entry, name)
        return found
    id, payload = entry
    return {"id": str(id), "payload": _payload(payload)}


def _entries(value):
    return {"entries": [_entry(entry) for entry in value or []]}


_SHAPES = {
    "entry": lambda value: {"entries": [] if value is None else [_entry(value)]},
    "entries": _entries,
    "keys": lambda value: {"ids": [str(key) for key in value]},
    "number": lambda value: {"empty": True} if value is None else {"number": value},
    "json": lambda value: {"json": value},
    "nothing": lambda value: {},
}


def _error(error):
    """What an exception says of the outcome."""
    if isinstance(error, AdapterError):
        return {"kind": error.kind, "definite": bool(error.definite), "message": str(error)}
    kind = "connection" if isinstance(error, (OSError, TimeoutError)) else "other"
    traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    return {"kind": kind, "definite": False, "message": f"{type(error).__name__}: {error}"}


def _unpack(result, shape):
    if not isinstance(result, Answer):
        return shape(result)
    answer = shape(result.value)
    if result.attempts != 1:
        answer["attempts"] = result.attempts
    if result.reconnected:
        answer["reconnected"] = True
    if result.detail:
        answer["detail"] = result.detail
    return answer


def _batch_shape(operation):
    member = "ids" if operation == "publish" else "items"
    return lambda values: {member: [_batch_item(operation, value) for value in values]}


def _batch_item(operation, value):
    if value is None:
        wanted = "the id it was stored under" if operation == "publish" else "True or False"
        raise TypeError(f"{operation} returned None: return {wanted}")
    return str(value) if operation == "publish" else bool(value)


# One line for each answer; many leave together.
class _Output:
    def __init__(self, stream):
        self._stream, self._lock, self._waiting = stream, threading.Lock(), []
        self._encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode

    def put(self, answer, flush=True):
        try:
            line = self._encode(answer)
            line.encode()
        except (TypeError, ValueError) as wrong:  # what no JSON can say, or half a character
            answer = {"id": answer.get("id", answer.get("deliver")), "error": _error(wrong)}
            line = self._encode(answer)
        with self._lock:
            self._waiting.append(line)
            if flush:
                self._flush()

    def flush(self):
        with self._lock:
            self._flush()

    def _flush(self):
        if self._waiting:
            self._waiting.append("")
            data = "\n".join(self._waiting).encode()
            self._waiting = []
            self._stream.write(data)
            self._stream.flush()


# --- Sessions: a thread each, or all on one event loop ----------------------------------------------


class _Session:
    """Operations in the order they came, on a thread of its own; a subscription on another."""

    def __init__(self, server, adapter_class, instance, request):
        self._server, self._requests = server, queue.SimpleQueue()
        self._make = lambda: adapter_class(instance, request.get("name"), request.get("consumer"))
        self.adapter, self.failure = None, None
        self._thread = threading.Thread(target=self._run, args=(request,), daemon=True)
        self._thread.start()

    def submit(self, request):
        self._requests.put(request)

    def _run(self, opening):
        try:
            self.adapter = self._make()
            self._server.output.put({"id": opening["id"]})
        except BaseException as error:  # noqa: BLE001 - all of it is told
            self.failure = _error(error)
            self._server.output.put({"id": opening["id"], "error": self.failure})
        while True:
            request = self._requests.get()
            if request["op"] in ("close", "abandon"):
                break
            answer = self._perform(request)
            if answer is not None:
                self._server.output.put(answer, flush=self._requests.empty())
            else:
                self._server.output.flush()
        self._end(request)

    def _end(self, request):
        answer = {"id": request["id"]}
        try:
            if self.adapter is not None:
                self.adapter.is_ending = True
                getattr(self.adapter, request["op"])()
        except BaseException as error:  # noqa: BLE001
            answer["error"] = _error(error)
        self._server.output.put(answer)

    def _perform(self, request):
        if self.failure:
            return {"id": request["id"], "error": dict(self.failure, definite=True)}
        if request["op"] == "subscribe" and _offers(type(self.adapter), "subscribe"):
            threading.Thread(target=self._subscribe, args=(request,), daemon=True).start()
            return None
        return self._server.answer(self.adapter, request, lambda function, args: function(*args))

    def _subscribe(self, request):
        answer = {"id": request["id"]}
        try:
            self.adapter.subscribe(request["stream"], self._server.deliverer(request))
        except BaseException as error:  # noqa: BLE001
            answer["error"] = _error(error)
        self._server.output.put(answer)

    def warn_of_end(self):
        if self.adapter is not None:
            self.adapter.is_ending = True


class _AsyncSession:
    """The same for an adapter with `async def` operations, as a task of the one event loop."""

    def __init__(self, server, adapter_class, instance, request):
        import asyncio

        self._server, self._loop = server, server.event_loop()
        self.adapter, self.failure = None, None
        self._class, self._instance = adapter_class, instance
        self._requests = asyncio.Queue()
        asyncio.run_coroutine_threadsafe(self._run(request), self._loop)

    def submit(self, request):
        self._loop.call_soon_threadsafe(self._requests.put_nowait, request)

    async def _call(self, function, args):
        result = function(*args)
        return await result if inspect.isawaitable(result) else result

    async def _run(self, opening):
        import asyncio

        answer, tasks = {"id": opening["id"]}, set()
        try:
            self.adapter = self._class(
                self._instance, opening.get("name"), opening.get("consumer")
            )
            if hasattr(self.adapter, "open"):
                await self._call(self.adapter.open, ())
        except BaseException as error:  # noqa: BLE001
            self.failure = answer["error"] = _error(error)
        self._server.output.put(answer)
        while True:
            request = await self._requests.get()
            if request["op"] in ("close", "abandon"):
                break
            if request["op"] == "subscribe":
                tasks.add(asyncio.ensure_future(self._subscribe(request)))
            else:
                await self._perform(request)
        self.warn_of_end()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._end(request)

    async def _perform(self, request):
        if self.failure:
            answer = {"id": request["id"], "error": dict(self.failure, definite=True)}
        else:
            answer = await self._server.answer_async(self.adapter, request, self._call)
        self._server.output.put(answer, flush=self._requests.empty())

    async def _subscribe(self, request):
        answer = {"id": request["id"]}
        try:
            if not _offers(type(self.adapter), "subscribe"):
                raise NotSupported("this adapter has no subscribe")
            await self._call(
                self.adapter.subscribe, (request["stream"], self._server.deliverer(request))
            )
        except BaseException as error:  # noqa: BLE001
            if not self.adapter.is_ending:
                answer["error"] = _error(error)
        self._server.output.put(answer)

    async def _end(self, request):
        answer = {"id": request["id"]}
        try:
            if self.adapter is not None:
                await self._call(getattr(self.adapter, request["op"]), ())
        except BaseException as error:  # noqa: BLE001
            answer["error"] = _error(error)
        self._server.output.put(answer)

    def warn_of_end(self):
        if self.adapter is not None:
            self.adapter.is_ending = True


# --- The server ------------------------------------------------------------------------------------


class Server:
    """Reads requests from `source` and writes answers to `target` until the source ends."""

    def __init__(self, adapter_class, source, target):
        self._class, self._source = adapter_class, source
        self.output = _Output(target)
        self._instances, self._sessions, self._loop, self._advised = {}, {}, None, set()
        names = [*OPERATIONS, *(name + "_many" for name in _BATCHES)]
        self._is_async = any(
            inspect.iscoroutinefunction(getattr(adapter_class, name, None)) for name in names
        )

    def hello(self):
        kind = self._class
        return {
            "hello": "gauntlet",
            "protocol": PROTOCOL,
            "name": kind.name,
            "summary": kind.summary,
            "capabilities": list(kind.capabilities),
            "operations": [name for name in OPERATIONS if _offers(kind, name)],
            "traits": list(kind.traits),
            "processes": kind.processes,
            "profile": dict(kind.profile),
            "options": [dict(option) for option in kind.options],
            "disturbances": [dict(disturbance) for disturbance in kind.disturbances],
        }

    def serve(self):
        self.output.put(self.hello())
        for line in self._source:
            try:
                request = json.loads(line)
                self._take(request)
            except Exception as error:  # noqa: BLE001 - the harness's mistake, or the kit's
                self.output.put({"log": f"a request was not understood: {error!r}", "level": "error"})

    def event_loop(self):
        if self._loop is None:
            import asyncio

            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True).start()
        return self._loop

    def deliverer(self, request):
        def deliver(entries):
            self.output.put({"deliver": request["id"], **_entries(entries)})

        return deliver

    def _take(self, request):
        own = {"create": self._create, "destroy": self._destroy, "open": self._open}
        if request["op"] in own:
            try:
                answer = own[request["op"]](request)
            except Exception as error:  # noqa: BLE001
                answer = {"id": request["id"], "error": _error(error)}
            if answer is not None:
                self.output.put(answer)
            return
        session = self._sessions.get(request.get("session"))
        if session is None:
            self.output.put({
                "id": request["id"],
                "error": _error(ConnectionLost("there is no such session", definite=True)),
            })  # fmt: skip
            return
        if request["op"] in ("close", "abandon"):
            del self._sessions[request["session"]]
            session.warn_of_end()
        session.submit(request)

    def _create(self, request):
        instance = self._class.instance_class(
            request.get("uri"), request.get("options", {}), request.get("instance_number", 0)
        )
        self._instances[request["instance"]] = instance
        if instance.advice and instance.advice not in self._advised:
            self._advised.add(instance.advice)
            self.output.put({"log": instance.advice, "level": "warning"})
        answer, capabilities = {"id": request["id"]}, instance.capabilities()
        if capabilities is not None:
            answer["capabilities"] = list(capabilities)
        return answer

    def _destroy(self, request):
        instance = self._instances.pop(request["instance"], None)
        if instance is not None:
            instance.close()
        return {"id": request["id"]}

    def _open(self, request):
        instance = self._instances[request["instance"]]
        if request.get("uri"):
            instance.uri = request["uri"]
        kind = _AsyncSession if self._is_async else _Session
        self._sessions[request["session"]] = kind(self, self._class, instance, request)

    # What is asked of one operation: (function, arguments, shape of its answer), several for a batch.
    def _plan(self, adapter, request):
        operation = request["op"]
        if operation not in _BATCHES:
            if operation not in _OPERATIONS or not _offers(type(adapter), operation):
                raise NotSupported(f"this adapter has no {operation}")
            arguments, kind = _OPERATIONS[operation]
            if "items" in request:
                request["items"] = [_text(item) for item in request["items"]]
            if not hasattr(adapter, operation):
                return self._stand_in(adapter, request)
            return getattr(adapter, operation), arguments(request), _SHAPES[kind]
        if not _offers(type(adapter), operation):
            raise NotSupported(f"this adapter has no {operation}")
        request["items"] = [_text(item) for item in request["items"]]
        many = getattr(adapter, operation + "_many", None)
        if many is None:
            return None, None, None
        return many, _BATCHES[operation][1](request), _batch_shape(operation)

    def _stand_in(self, adapter, request):
        if request["op"] == "get_next":
            return adapter.read, (request["stream"], request["group"], 1), _SHAPES["entries"]
        return adapter.ping, (), _SHAPES["number"]

    def answer(self, adapter, request, call):
        try:
            function, arguments, shape = self._plan(adapter, request)
            if function is None:
                return {"id": request["id"], **self._each(adapter, request, call)}
            return {"id": request["id"], **_unpack(call(function, arguments), shape)}
        except BaseException as error:  # noqa: BLE001
            return {"id": request["id"], "error": _error(error)}

    def _each(self, adapter, request, call):
        operation, answer = request["op"], {}
        function, results = getattr(adapter, operation), []
        for item in request["items"]:
            try:
                result = call(function, _BATCHES[operation][0](request, item))
                results.append(self._item(operation, result, answer))
            except BaseException as error:  # noqa: BLE001
                results.append({"error": _error(error)})
        return self._gather(operation, results, answer)

    async def answer_async(self, adapter, request, call):
        try:
            function, arguments, shape = self._plan(adapter, request)
            if function is None:
                return {"id": request["id"], **await self._each_async(adapter, request, call)}
            return {"id": request["id"], **_unpack(await call(function, arguments), shape)}
        except BaseException as error:  # noqa: BLE001
            return {"id": request["id"], "error": _error(error)}

    async def _each_async(self, adapter, request, call):
        operation, answer = request["op"], {}
        function, results = getattr(adapter, operation), []
        for item in request["items"]:
            try:
                result = await call(function, _BATCHES[operation][0](request, item))
                results.append(self._item(operation, result, answer))
            except BaseException as error:  # noqa: BLE001
                results.append({"error": _error(error)})
        return self._gather(operation, results, answer)

    def _item(self, operation, result, answer):
        if isinstance(result, Answer):
            answer.update(_unpack(result, lambda value: {}))
            result = result.value
        return _batch_item(operation, result)

    # One item that failed is the whole call; of several, each says what became of it.
    def _gather(self, operation, results, answer):
        if len(results) == 1 and isinstance(results[0], dict):
            return {**answer, **results[0]}
        if operation == "publish" and all(isinstance(result, str) for result in results):
            return {**answer, "ids": results}
        return {**answer, "items": results}


def main(adapter_class):
    """Serve until Gauntlet closes our standard input.  print goes to standard error from here on."""
    target = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    Server(adapter_class, sys.stdin.buffer, target).serve()
    sys.stderr.flush()
    os._exit(0)  # threads that wait for a broker are not waited for
