"""Topic classifiers of scikit-learn on one split: baseline.py TRAIN.ndjson TEST.ndjson, one JSON line for each."""

import json
import sys
import time
import warnings

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")


def read(path):
    with open(path, encoding="utf8") as lines:
        return [json.loads(line) for line in lines]


def text(paper):
    return " ".join([paper["title"], paper["title"], paper.get("abstract", "")])


train, test = read(sys.argv[1]), read(sys.argv[2])
labels = [paper["categories"][0] for paper in train]
primary = [paper["categories"][0] for paper in test]

for words, ngrams in (("words", (1, 1)), ("words and pairs", (1, 2))):
    began = time.process_time()
    vectorizer = TfidfVectorizer(
        min_df=2, max_df=0.5, sublinear_tf=True, stop_words="english", ngram_range=ngrams, strip_accents="unicode"
    )
    known = vectorizer.fit_transform([text(paper) for paper in train])
    reading = time.process_time() - began
    began = time.process_time()
    unknown = vectorizer.transform([text(paper) for paper in test])
    asking = time.process_time() - began
    models = {
        "ComplementNB": ComplementNB(alpha=0.3),
        "SGD logistic": SGDClassifier(loss="log_loss", alpha=3e-6, max_iter=20, random_state=1),
        "linear SVM": LinearSVC(C=0.3, random_state=1),
    }
    # With many topics it takes minutes and comes out below the same loss on pairs (SGD logistic).
    if ngrams == (1, 1) and len(set(labels)) <= 20:
        models["logistic (L-BFGS)"] = LogisticRegression(C=10, max_iter=60)
    for name, model in models.items():
        began = time.process_time()
        model.fit(known, labels)
        training = time.process_time() - began + reading
        began = time.process_time()
        ask = getattr(model, "decision_function", None) or model.predict_log_proba
        scores = ask(unknown)
        seconds = time.process_time() - began + asking
        if scores.ndim == 1:
            scores = np.column_stack([-scores, scores])
        best = model.classes_[np.argsort(-scores, axis=1)[:, :3]]
        report = {
            "name": f"{name}, {words}",
            "accuracy": float(np.mean([a == b for a, b in zip(best[:, 0], primary)])),
            "topThree": float(np.mean([b in a for a, b in zip(best, primary)])),
            "anyLabel": float(np.mean([a in paper["categories"] for a, paper in zip(best[:, 0], test)])),
            "macroF1": float(f1_score(primary, best[:, 0], average="macro")),
            "trainSeconds": training,
            "microsecondsPerPaper": seconds / max(1, len(test)) * 1e6,
        }
        print(json.dumps(report), flush=True)
