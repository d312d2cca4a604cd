"""The models' routes."""


def test_the_list_says_whose_weights_each_model_has(client):
    models = client.get("/api/models").json()["models"]
    article = models[0]
    assert article["id"] == "article"
    assert article["provenance"]["kind"] == "seeded"
    assert article["total_parameters"] == 250_115
    assert article["layers"][0]["name"] == "lstm"


def test_the_summary_is_the_guides(client):
    summary = client.get("/api/models/article?timesteps=2").json()
    assert [row["parameters"] for row in summary["layers"]] == [250_000, 108, 0, 7]
    assert [row["type"] for row in summary["layers"]] == ["Embedding", "LSTM", "Flatten", "Dense"]
    shapes = [row["output_shape"] for row in summary["layers"]]
    assert shapes == [[None, 2, 5], [None, 2, 3], [None, 6], [None, 1]]
    assert summary["total_parameters"] == 250_115
    lines = summary["code"].splitlines()
    assert lines == [
        "from keras import Input, Sequential, layers",
        "model = Sequential([Input((2,))])",
        "model.add(layers.Embedding(50000, 5))",
        "model.add(layers.LSTM(3, return_sequences=True))",
        "model.add(layers.Flatten())",
        'model.add(layers.Dense(1, activation="sigmoid"))',
    ]


def test_the_dense_layer_grows_with_the_sentence(client):
    for timesteps in (1, 2, 9, 400):
        rows = client.get(f"/api/models/article?timesteps={timesteps}").json()["layers"]
        assert rows[-1]["parameters"] == 3 * timesteps + 1


def test_weights_come_gate_by_gate_and_make_up_the_parameters(client):
    weights = client.get("/api/models/article/weights?layer=lstm").json()
    assert list(weights) == ["input_gate", "forget_gate", "candidate", "output_gate"]
    count = 0
    for block in weights.values():
        assert (len(block["kernel"]), len(block["kernel"][0])) == (5, 3)
        assert (len(block["recurrent_kernel"]), len(block["recurrent_kernel"][0])) == (3, 3)
        count += 5 * 3 + 3 * 3 + len(block["bias"])
    assert count == 108
    assert weights["forget_gate"]["bias"] == [1, 1, 1]


def test_one_units_weights_are_a_column_of_all(client):
    everything = client.get("/api/models/article/weights").json()
    for unit in range(3):
        alone = client.get(f"/api/models/article/weights?unit={unit}").json()
        for gate, block in alone.items():
            assert block["kernel"] == [row[unit] for row in everything[gate]["kernel"]]
            assert block["bias"] == everything[gate]["bias"][unit]


def test_wrong_questions_about_models_are_refused_in_one_shape(client):
    for address, status in {
        "/api/models/nope": 404,
        "/api/models/nope/weights": 404,
        "/api/models/article/weights?layer=dense": 404,
        "/api/models/article/weights?unit=3": 422,
        "/api/models/article/weights?unit=-1": 422,
        "/api/models/article/weights?unit=x": 422,
        "/api/models/article?timesteps=0": 422,
        "/api/models/article?timesteps=x": 422,
        "/api/nothing": 404,
        "/nothing": 404,
    }.items():
        answer = client.get(address)
        assert answer.status_code == status, address
        assert list(answer.json()) == ["detail"]
        assert isinstance(answer.json()["detail"], str)
