"""A model of one's own: brought, read, proven, kept and deleted, with files of real frameworks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import httpx
import numpy as np
from playwright.sync_api import FilePayload, Page, expect

from tests.imports import FILES, expected

from .conftest import read_on
from .settled import settle

Visit = Callable[..., Page]


def bring(page: Page, *files: str | FilePayload) -> None:
    """Choose files in the section, one after the other."""
    page.locator("#own").scroll_into_view_if_needed()
    page.locator("#own [data-own] > *").first.wait_for(state="attached")
    for file in files:
        chosen = FILES / file if isinstance(file, str) else file
        page.locator("#own [name=file]").set_input_files(chosen)


def read(page: Page, name: str) -> None:
    """Bring a file, and wait until the page shows its model."""
    bring(page, name)
    stem = re.sub(r"(\.weights)?\.\w+$", "", name)
    expect(page.locator("#own [data-title]")).to_have_text(f"What was read: {stem}")


def again(page: Page, **said: str) -> None:
    more = page.locator("#own [data-more]")
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    for name, value in said.items():
        field = more.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Read the file again").click()


def say(page: Page, **said: str) -> None:
    """Change what a file does not say, each by the text of its choice; the file is read again."""
    for name, text in said.items():
        before = model_of(page)
        page.locator(f"#own [data-choices] [name={name}]").first.select_option(label=text)
        expect(page.locator("#model-picker")).not_to_have_value(before)


def facts(page: Page):
    return page.locator("#own [data-facts]")


def model_of(page: Page) -> str:
    return page.locator("#model-picker").input_value()


def owner_of(page: Page) -> str:
    """The id that deletes the model that is shown, which the browser alone remembers."""
    kept = json.loads(page.evaluate("localStorage.getItem('lstm-viz.models')"))
    return next(model["owner"] for model in kept if model["id"] == model_of(page))


def mine(page: Page):
    return page.locator("#own [data-mine] li")


def pickle() -> FilePayload:
    """What `pickle.dump` writes of a scaler: it names a class, which is not to be looked up."""
    data = b"\x80\x04csklearn.preprocessing._data\nStandardScaler\n)\x81."
    return {"name": "scaler.pkl", "mimeType": "", "buffer": data}


def compare(page: Page, given: str, output: str) -> None:
    page.locator("#own [name=input]").fill(given)
    page.locator("#own [name=output]").fill(output)
    page.get_by_role("button", name="Compare", exact=True).click()


def test_a_keras_file_is_shown_at_once_and_joins_the_picker(visit: Visit):
    page = visit()
    page.locator("#own [name=file]").set_input_files(FILES / "lstm.keras")  # nobody has scrolled
    expect(page.locator("#own [data-title]")).to_have_text("What was read: lstm")
    expect(page.locator("#model-picker optgroup[label=Yours] option")).to_have_text(["lstm"])
    assert f"model={model_of(page)}" in page.url
    expect(page.locator("#badge")).to_have_text("imported")
    expect(facts(page)).to_contain_text("Keras (.keras)")
    expect(facts(page)).to_contain_text("i, f, c, o")
    expect(page.locator("#input-note")).to_contain_text("token ids, 0 to 8, and no words")
    page.locator("#sentence").fill("3, 1, 4, 1")
    expect(page.locator("#words button bdi")).to_have_text(["3", "1", "4", "1"])


def test_the_same_address_opens_the_same_model_with_the_same_ids(visit: Visit):
    page = visit()
    read(page, "lstm.keras")
    page.locator("#sentence").fill("5 2")
    expect(page.locator("#words button bdi")).to_have_text(["5", "2"])
    expect(page).to_have_url(re.compile("token_ids=5"))
    page.goto(page.url)
    expect(page.locator("#sentence")).to_have_value("5,2")
    expect(page.locator("#words button bdi")).to_have_text(["5", "2"])
    expect(page.locator("#status")).to_be_hidden()


def test_back_leads_from_a_brought_model_to_the_sentence_and_forward_again(visit: Visit):
    page = visit()
    read(page, "rectified.keras")
    page.go_back()
    expect(page.locator("#words button bdi")).to_have_text(["Good", "Day"])
    expect(page.locator("#sentence")).to_be_visible()
    page.go_forward()
    expect(page.locator(".series summary")).to_have_text("12 × 3 numbers")

    # numbers that do not fit are named by their row
    page.locator(".series summary").click()
    page.locator("#series").fill("1,2,3\n4,5")
    expect(page.locator("#status")).to_contain_text("Row 2 has 2 numbers, but the model reads 3")


def test_a_vocabulary_makes_words_of_ids_and_takes_the_place_of_the_first_reading(visit: Visit):
    page = visit()
    read(page, "lstm.keras")
    first = model_of(page)
    again(page, vocabulary="\n".join(["", "[UNK]", *["the", "film", "was", "not", "good", "at"]]))
    expect(page.locator("#words button bdi")).to_have_text(["Good", "Day"])
    expect(page.locator("#input-note")).to_be_hidden()
    assert model_of(page) != first
    expect(mine(page)).to_have_count(1)
    page.locator("#sentence").fill("The film was awful")
    expect(page.locator("#words button bdi")).to_have_text(["The", "film", "was", "awful"])
    assert page.locator("#words button").nth(3).get_attribute("title")


def test_what_a_pytorch_file_does_not_say_is_shown_and_can_be_said(visit: Visit):
    page = visit()
    read(page, "torch_lstm.safetensors")
    granted = page.locator("#own [data-assumed] li")
    expect(granted).to_have_count(4)
    expect(granted.nth(1)).to_contain_text("the last hidden state")
    says = page.locator("#prediction").get_by_role("img", name="no probabilities")
    expect(says).to_have_count(1)
    page.locator("#sentence").fill("8, 8")
    expect(page.locator("#words button bdi")).to_have_text(["8", "8"])
    say(page, activations="softmax", reads="the average over the timesteps")
    say(page, state_activation="relu")
    again(page, labels="bad\ngood")
    expect(granted).to_have_count(1)
    expect(page.locator("#words button bdi")).to_have_text(["8", "8"])  # the same ids
    expect(page.locator("#prediction .look")).to_contain_text(re.compile("good|bad"))


def test_pickles_and_options_that_do_not_fit_are_refused_in_words_and_the_file_stays(
    visit: Visit, complaints
):
    complaints.expected += ["415"]
    page = visit()
    bring(page, pickle())
    expect(page.locator("#own .problem").first).to_contain_text("pickle")
    expect(page.locator("#own .drop-line")).to_contain_text("scaler.pkl")
    assert model_of(page) == "article"
    read(page, "torch_lstm.safetensors")
    expect(page.locator("#own .problem").first).to_be_hidden()
    say(page, activations="softmax")
    expect(page.locator("#own .drop-line")).to_contain_text("torch_lstm.safetensors")
    expect(page.locator("#own [data-assumed] li")).to_have_count(3)
    expect(page.locator("#own .problem").first).to_be_hidden()


def test_a_question_is_asked_with_what_there_is_to_choose(visit: Visit, complaints):
    complaints.expected += ["422"]
    page = visit()
    bring(page, "torch_part_translator.pt")
    asked = page.locator("#own [data-asked]")
    expect(asked.locator("option")).to_have_text(["choose…", "encoder.rnn", "decoder.rnn"])
    expect(page.locator("#own .problem a").first).to_have_attribute("href", "/help/own-model")
    asked.locator("select").select_option(label="decoder.rnn")
    expect(page.locator("#own [data-title]")).to_have_text("What was read: torch_part_translator")
    expect(asked).to_be_hidden()
    expect(facts(page)).to_contain_text("encoder.rnn, encoder.embedding, decoder.fc_out (Linear)")
    expect(page.locator("#badge")).to_contain_text("part")
    say(page, layer="encoder.rnn")
    expect(facts(page)).to_contain_text("decoder.rnn, decoder.embedding")


def test_of_a_model_whose_file_is_gone_the_file_is_asked_for_and_read_as_is_said(visit: Visit):
    page = visit()
    read(page, "torch_gru.safetensors")
    page.goto(page.url)
    page.locator("#own").scroll_into_view_if_needed()
    reads = page.locator("#own [data-choices] [name=reads]")
    reads.select_option(label="the average over the timesteps")
    expect(page.locator("#own [data-away]")).to_contain_text("Choose it again above")
    before = model_of(page)
    bring(page, "torch_gru.safetensors")
    expect(page.locator("#model-picker")).not_to_have_value(before)
    expect(reads.locator("option:checked")).to_have_text("the average over the timesteps")


def test_code_in_a_refusal_stands_in_a_box_that_is_copied(visit: Visit, complaints):
    complaints.expected += ["415"]
    page = visit()
    cases = FILES.parent / "cases"
    data = (cases / "keras_model.pkl").read_bytes()
    bring(page, {"name": "mine.pkl", "mimeType": "", "buffer": data})
    box = page.locator("#own .problem .code-box")
    expect(box.locator("code")).to_contain_text('with open("mine.pkl", "rb") as file:')
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    box.get_by_role("button", name="Copy the code").click()
    expect(box.get_by_role("button")).to_have_text("Copied")


def test_what_the_framework_gave_matches(visit: Visit):
    page = visit()
    verdict = page.locator("#own [data-verdict]")
    for name in (
        "lstm.keras",
        "stacked.keras",
        "torch_lstm.safetensors",
        "torch_stacked.legacy.onnx",
    ):
        read(page, name)
        case = expected(name)
        given = " ".join(map(str, case["inputs"][0].tolist()))
        compare(page, given, np.array2string(case["output"][0], precision=8))
        expect(verdict).to_contain_text(re.compile(r"^Matches: \d numbers? of the model’s output"))
        swapped = case["output"][0].copy()
        swapped[0] += 0.01
        compare(page, given, np.array2string(swapped, precision=8))
        expect(verdict).to_contain_text("largest difference is 0.01")
        expect(verdict.locator("tbody tr")).to_have_count(1)

    # what a file does not say is proven once it is said
    read(page, "torch_gru.safetensors")
    case = expected("torch_gru.safetensors")
    given, output = " ".join(map(str, case["inputs"][0].tolist())), str(case["output"][0].tolist())
    compare(page, given, output)
    expect(verdict).to_contain_text("Differs")
    say(page, reads="the average over the timesteps")
    expect(verdict).to_contain_text("Matches: 2 numbers of the model’s output")


def test_a_link_to_a_model_carries_what_came_of_the_comparison(visit: Visit):
    page = visit()
    read(page, "lstm.keras")
    case = expected("lstm.keras")
    given = " ".join(map(str, case["inputs"][0].tolist()))
    expect(facts(page)).to_contain_text("not compared yet")
    compare(page, given, np.array2string(case["output"][0], precision=8))
    expect(facts(page)).to_contain_text("by its owner, with what a framework gave")
    address = page.url
    other = visit(alone=True)
    other.goto(address)
    other.locator("#own").scroll_into_view_if_needed()
    expect(facts(other)).to_contain_text(re.compile("numbers? of the model’s output match"))


def test_a_series_of_numbers_is_pasted_and_shown_by_timesteps(visit: Visit):
    page = visit()
    read(page, "node_lstm_reverse.onnx")
    expect(page.locator(".series summary")).to_contain_text("× 3 numbers")
    case = expected("node_lstm_reverse.onnx")
    rows = case["inputs"][0]
    page.locator(".series summary").click()
    page.locator("#series").fill("a,b,c\n" + "\n".join(",".join(map(str, row)) for row in rows))
    expect(page.locator(".series summary")).to_have_text("6 × 3 numbers")
    page.keyboard.press("Escape")
    expect(page.locator("#series")).to_be_hidden()
    expect(page.locator("#timestep")).to_have_attribute("aria-valuetext", "timestep 6 of 6")
    page.locator("#glance").scroll_into_view_if_needed()
    expect(page.locator("#glance .infolayer").first).to_contain_text("timestep")
    page.locator("#own").scroll_into_view_if_needed()
    page.locator("#own [name=output]").fill(str(case["hidden_state:last"][0].tolist()))
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator("#own [data-verdict]")).to_contain_text("all hidden states of")


def test_layers_are_chosen_in_the_bar_and_padding_is_shown(visit: Visit):
    page = visit()
    expect(page.locator("#layer")).to_be_hidden()
    read(page, "stacked.keras")
    expect(page.locator("#layer option")).to_have_text(["a", "b"])
    page.locator("#layer").select_option("b")
    expect(page).to_have_url(re.compile("layer=b"))
    expect(page.locator("#unit option")).to_have_count(2)
    page.locator("#layer").select_option("a")
    expect(page.locator("#unit option")).to_have_count(3)

    # the padding of a model of fixed length is shown
    read(page, "flatten.keras")
    page.locator("#sentence").fill("7, 8")
    expect(page.locator("#words [data-padded]")).to_have_count(4)
    expect(page.locator("#input-note")).to_contain_text("exactly 6 timesteps: 4 of padding")


def test_a_file_may_be_dropped_anywhere_on_the_section_before_anybody_has_scrolled(visit: Visit):
    page = visit()
    data = list((FILES / "gru.keras").read_bytes())
    transfer = page.evaluate_handle(
        """bytes => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], "gru.keras"));
          return transfer;
        }""",
        data,
    )
    page.dispatch_event("#own h2", "dragover", {"dataTransfer": transfer})
    expect(page.locator("#own [data-drop]")).to_have_attribute("data-over", "true")
    page.dispatch_event("#own h2", "drop", {"dataTransfer": transfer})
    expect(page.locator("#own [data-title]")).to_have_text("What was read: gru")


def test_a_model_is_downloaded_brought_back_and_deleted_for_good(visit: Visit, address: str):
    page = visit()
    read(page, "torch_rnn.safetensors")
    model = model_of(page)
    with page.expect_download() as download:
        mine(page).get_by_role("link", name="Download torch_rnn").click()
    data = download.value.path().read_bytes()
    bring(page, {"name": "again.safetensors", "mimeType": "", "buffer": data})
    expect(mine(page)).to_have_count(2)
    expect(page.locator("#own [data-facts]")).to_contain_text("First made as")

    other = mine(page).nth(1)
    other.get_by_role("button", name="Delete torch_rnn").click()
    assert httpx.get(f"{address}/api/models/{model}").status_code == 200  # it asks first
    other.get_by_role("button", name="Delete torch_rnn for good?").click()
    expect(mine(page)).to_have_count(1)
    assert httpx.get(f"{address}/api/models/{model}").status_code == 404


def test_a_model_that_is_deleted_while_it_is_open_leaves_what_was_typed_and_a_way_on(
    visit: Visit, address: str, complaints
):
    complaints.expected.append("status of 404")
    page = visit()
    read(page, "torch_rnn.safetensors")
    httpx.delete(f"{address}/api/models/{owner_of(page)}").raise_for_status()
    page.locator("#sentence").fill("2, 1")
    expect(page.locator("#status")).to_contain_text("no model")
    expect(page.locator("#sentence")).to_have_value("2, 1")
    expect(page.locator("#own [data-mine] li")).to_have_count(0)
    page.get_by_role("button", name="Read it with").click()
    expect(page.locator("#status")).to_be_hidden()


def test_the_section_is_fetched_only_when_it_comes_near(visit: Visit):
    page = visit(alone=True)
    names = "performance.getEntriesByType('resource').map(({ name }) => name)"
    assert not any("own/section" in name for name in page.evaluate(names))
    page.locator("#own").scroll_into_view_if_needed()
    page.locator("#own [data-own] > *").first.wait_for(state="attached")
    assert any("own/section" in name for name in page.evaluate(names))

    # the file is chosen by keyboard
    settle(page)  # the sections above have found their height
    with page.expect_file_chooser() as chooser:
        page.locator("#own [name=file]").press("Enter")
    chooser.value.set_files(FILES / "lstm.keras")
    expect(page.locator("#model-picker option:checked")).to_have_text("lstm")


SECTIONS = {
    "#cell": "cell",
    "#unrolled": "unrolled",
    "#memory": "ledger",
    "#model": "matrices",
    "#glance": "glance-cell_state",
}


def test_a_projected_layer_is_drawn_with_fewer_hidden_numbers_than_units(visit: Visit):
    page = visit()
    read(page, "torch_saved_projected.pt")
    address = re.sub(r"#.*", "", page.url)
    page.goto(f"{address}&layer=lstm.0/forward&unit=3")
    read_on(page)
    for section, figure in SECTIONS.items():
        page.locator(section).scroll_into_view_if_needed()
        page.locator(f"[data-figure={figure}] .main-svg").first.wait_for()
        expect(page.locator("body")).not_to_contain_text(re.compile("NaN|undefined"))
    rows = page.locator("#cell [data-equations] tr, #cell tbody tr")
    expect(rows.filter(has_text="hr").first).to_be_visible()
