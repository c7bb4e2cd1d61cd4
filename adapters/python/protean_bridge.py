"""protean_bridge: drive an existing object that has the methods of Protean's broker port.

    gauntlet conform 'exec:python3 protean_bridge.py my.module:MyBroker' --uri redis://127.0.0.1/0
    gauntlet conform 'exec:python3 protean_bridge.py --share my.module:MyBroker'

my.module:MyBroker is a class, a function that makes the object, or the object itself.  A class or a
function is called with `uri` and `options` where it takes them, and with nothing otherwise.  Nothing
of Protean's is imported: any object with these methods will do.

  --share              one object for all sessions: a broker that lives in memory
  --capabilities A,B   what it promises; unless given: its own `capabilities`, or what its methods show

Methods are called unchanged, by position, in the order of the port's table: publish(stream, message),
get_next(stream, group), read(stream, group, count), read_blocking(stream, group, consumer, timeout_ms,
count), ack(stream, id, group), nack(stream, id, group), _ensure_group(group, stream), _data_reset(),
and so on; with or without the leading underscore.  Messages are dicts there.

What the object logs as a warning or worse while it works, and perhaps swallows, is shown beside the
answer.
"""

import argparse
import dataclasses
import importlib
import inspect
import json
import logging
import os
import sys
import threading

from gauntlet_adapter import (
    Adapter,
    AdapterError,
    Answer,
    ConnectionLost,
    Entry,
    Instance,
    LeaseLost,
    NotSupported,
    ValidationError,
    main,
)

FLAGS = {
    "PUBLISH": ["publish"],
    "SUBSCRIBE": ["get_next"],
    "CONSUMER_GROUPS": ["get_next", "read"],
    "ACK_NACK": ["ack", "nack"],
    "BLOCKING_READ": ["read_blocking"],
    "DEAD_LETTER_QUEUE": ["dlq_list", "dlq_inspect", "dlq_replay", "dlq_replay_all", "dlq_purge",
                          "dlq_trim", "dlq_depth"],
    "STREAM_PARTITIONING": ["record_partition", "partition_keys", "reap_partition",
                            "acquire_partition_lease", "renew_partition_lease",
                            "release_partition_lease", "read_partition_fenced",
                            "ack_partition_fenced", "reclaim_partition_pending"],
    "DELIVERY_GUARANTEES": None,  # nobody can see these from outside
    "MESSAGE_ORDERING": None,
    "REPLAY": ["read_from"],
}  # fmt: skip

# What a name in the object's own words means.
SYNONYMS = {"MESSAGE_ACKNOWLEDGEMENT": "ACK_NACK", "MESSAGE_REJECTION": "ACK_NACK"}


def method(thing, name):
    for spelling in (name, "_" + name):
        found = getattr(thing, spelling, None)
        if callable(found):
            return found
    return None


# --- What it logs while it works ---------------------------------------------------------------------


class Ear(logging.Handler):
    """Keeps what is logged on each thread."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self._heard = threading.local()

    def emit(self, record):
        line = record.getMessage()
        print(f"{record.levelname}: {line}", file=sys.stderr)
        getattr(self._heard, "lines", []).append(f"{record.levelname}: {line}")

    def listen(self):
        self._heard.lines = []

    def heard(self):
        return "; ".join(self._heard.lines) or None


EAR = Ear()


# --- What its exceptions mean ------------------------------------------------------------------------


def translate(error, detail):
    """By name, because the classes are strangers: ValidationError, ConnectionError, ..."""
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    words = f"{type(error).__name__}: {error}" + (f" ({detail})" if detail else "")
    if "Validation" in names or "InvalidData" in names:
        return ValidationError(words)
    if "Lease" in names or "Fenced" in names:
        return LeaseLost(words)
    if "NotSupported" in names or "NotImplemented" in names:
        return NotSupported(words)
    if "Connection" in names or "Timeout" in names or isinstance(error, OSError):
        return ConnectionLost(words)
    return AdapterError(f"{words}; {UNNAMED}")


UNNAMED = "it counts as unknown: a class named Validation..., Connection..., NotSupported... would say"


def call(thing, name, *arguments):
    function = method(thing, name)
    if function is None:
        raise NotSupported(f"{type(thing).__name__} has no {name}")
    EAR.listen()
    try:
        return function(*arguments), EAR.heard()
    except Exception as error:
        raise translate(error, EAR.heard()) from error


# --- Messages ----------------------------------------------------------------------------------------


def to_text(payload):
    return payload if isinstance(payload, str) else json.dumps(payload)


def to_entry(found):
    id, payload = found[0], found[1]
    return Entry(id.decode() if isinstance(id, bytes) else str(id), to_text(payload))


def to_plain(value):
    """A document: dataclasses and the like become dicts."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [to_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else to_plain(vars(value))


# --- The adapter -------------------------------------------------------------------------------------


APART = (
    "each session makes an object of its own, and no --uri says where they meet: "
    "a broker that lives in memory wants --share, behind protean_bridge.py"
)


class Place(Instance):
    """Makes the objects: one for all sessions, or one each."""

    factory, share = None, False

    def __init__(self, uri, options, number):
        super().__init__(uri, options, number)
        self.lock, self.shared = threading.RLock(), self.make() if self.share else None
        if not self.share and uri is None and callable(self.factory):
            self.advice = APART

    def make(self):
        if not callable(self.factory):
            return self.factory
        try:
            taken = inspect.signature(self.factory).parameters
        except (TypeError, ValueError):
            taken = {}
        offered = {"uri": self.uri, "options": self.options}
        return self.factory(**{name: offered[name] for name in offered if name in taken})


class Bridge(Adapter):
    summary = "an object with the methods of Protean's broker port"
    instance_class = Place

    def __init__(self, instance, name, consumer):
        super().__init__(instance, name, consumer)
        self.thing = instance.shared if instance.share else instance.make()

    def close(self):
        if not self.instance.share and callable(getattr(self.thing, "close", None)):
            self.thing.close()


# operation: (arguments of the kit -> arguments of the object, what the answer becomes)
def entries(found):
    return [to_entry(item) for item in found or []]


def as_it_is(answer):  # the kit sees to it
    return answer


PORT = {
    "publish": (lambda stream, payload: (stream, json.loads(payload)), as_it_is),
    "get_next": (lambda *given: given, lambda found: to_entry(found) if found else None),
    "read": (lambda *given: given, entries),
    "read_blocking": (lambda *given: given, entries),
    "read_from": (lambda *given: given, entries),
    "ack": (lambda *given: given, as_it_is),
    "nack": (lambda *given: given, as_it_is),
    "ping": (lambda: (), bool),
    "ensure_connection": (lambda: (), bool),
    "health_stats": (lambda: (), to_plain),
    "info": (lambda: (), to_plain),
    "ensure_group": (lambda stream, group: (group, stream), lambda nothing: None),
    "data_reset": (lambda: (), lambda nothing: None),
    "dlq_list": (lambda *given: given, to_plain),
    "dlq_inspect": (lambda *given: given, to_plain),
    "dlq_replay": (lambda *given: given, bool),
    "dlq_replay_all": (lambda *given: given, int),
    "dlq_purge": (lambda *given: given, int),
    "dlq_trim": (lambda *given: given, int),
    "dlq_depth": (lambda *given: given, int),
    "trim": (lambda *given: given, int),
    "record_partition": (lambda *given: given, lambda nothing: None),
    "partition_keys": (lambda *given: given, lambda keys: sorted(map(str, keys))),
    "reap_partition": (lambda *given: given, bool),
    "acquire_partition_lease": (lambda *given: given, lambda generation: generation),
    "renew_partition_lease": (lambda *given: given, bool),
    "release_partition_lease": (lambda *given: given, bool),
    "read_partition_fenced": (lambda *given: given, entries),
    "ack_partition_fenced": (lambda *given: given, bool),
    "reclaim_partition_pending": (lambda *given: given, entries),
}

NAMES_CONSUMER = {"read_blocking", "read_partition_fenced", "reclaim_partition_pending"}


def operation(name):
    arguments, shape = PORT[name]

    def perform(self, *given):
        given = list(given)
        if name in NAMES_CONSUMER and given[2] is None:
            given[2] = self.consumer or f"{self.name}-{os.getpid()}"
        if self.instance.share and name != "read_blocking":
            with self.instance.lock:
                value, heard = call(self.thing, name, *arguments(*given))
        else:
            value, heard = call(self.thing, name, *arguments(*given))
        return Answer(shape(value), detail=heard)

    return perform


def declared(thing, wish):
    """The names of what it promises: as told, as it says itself, or as its methods show."""
    if wish:
        return wish.split(",")
    own = getattr(thing, "capabilities", None)
    if own is not None and not callable(own):
        members = getattr(type(own), "__members__", None)
        names = [n for n, m in members.items() if m in own] if members else list(own)
        return sorted({SYNONYMS.get(str(n), str(n)) for n in names} & set(FLAGS))
    return [flag for flag, needs in FLAGS.items() if needs and all(method(thing, n) for n in needs)]


def bridge(spec, share, wish):
    sys.path.insert(0, os.getcwd())
    module, _, attribute = spec.partition(":")
    factory = importlib.import_module(module)
    for name in attribute.split("."):
        factory = getattr(factory, name)
    Place.factory, Place.share = staticmethod(factory) if callable(factory) else factory, share
    shown = factory if inspect.isclass(factory) or not callable(factory) else None
    thing = shown if shown is not None else Place(None, {}, 0).make()
    Bridge.name = attribute.rpartition(".")[2]
    Bridge.capabilities = declared(thing, wish)
    Bridge.traits = ["in_process"] if share else []
    for name in PORT:
        if method(thing, name):
            setattr(Bridge, name, operation(name))
    logging.getLogger().addHandler(EAR)
    return Bridge


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("object", help="module:attribute")
    parser.add_argument("--share", action="store_true", help="one object for all sessions")
    parser.add_argument("--capabilities", help="what it promises, separated by commas")
    told = parser.parse_args()
    if ":" not in told.object:
        parser.error(f"say module:attribute, and not '{told.object}'")
    main(bridge(told.object, told.share, told.capabilities))
