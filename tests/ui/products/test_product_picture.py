"""The picture of a product: chosen, dropped, refused, removed and taken back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import ErrorCode, UserError
from posapp.ui.products import picture_flow

KEY = Qt.Key
TEA, CROISSANT = 16, 22


@pytest.fixture
def photo(tmp_path) -> Path:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    path = tmp_path / "사진.png"
    assert image.save(str(path))
    return path


def open_form(page, settle, product_id: int):
    page._open_product(product_id)
    settle()
    return page.view.form


def said(counter) -> str:
    return counter.window.status_bar.undo.message


def test_a_picture_is_replaced_removed_and_back(counter, page, settle, goods, photo, press):
    before = goods.pictures([CROISSANT])[CROISSANT]
    form = open_form(page, settle, CROISSANT)
    assert form.picture.picture.content == before and not form.picture.picture.image.isNull()
    form.picture.chosen.emit(photo)
    settle()
    new = goods.pictures([CROISSANT])[CROISSANT]
    assert new != before and form.picture.picture.content == new
    assert form.known == goods.get(CROISSANT).product and said(counter) == "크루아상 사진 변경"
    form.picture.remove.setFocus()
    form.picture.remove.click()
    settle()
    assert goods.pictures([CROISSANT]) == {} and form.picture.picture.image.isNull()
    assert form.picture.remove.isHidden() and form.picture.choose.hasFocus()
    assert said(counter) == "크루아상 사진 삭제"
    press(KEY.Key_Z, KEY_CTRL)
    settle()
    assert goods.pictures([CROISSANT])[CROISSANT] == new == form.picture.picture.content
    form.name.line.setFocus()
    page._close_form()
    press(KEY.Key_Z, KEY_CTRL)
    settle()
    assert goods.pictures([CROISSANT])[CROISSANT] == before, "also when the form is closed"


KEY_CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_new_product_is_stored_with_its_picture(counter, page, settle, goods, photo, press):
    press(KEY.Key_F4)
    form = page.view.form
    form.picture.chosen.emit(photo)
    settle()
    assert form.picture.picture.content and not form.picture.remove.isHidden()
    form.picture.remove.click()
    settle()
    assert form.picture.picture.content == b""
    counter.window.status_bar.undo.button.click()
    settle()
    form.name.line.setText("사진빵")
    form.price.line.setText("3200")
    form.name.line.setFocus()
    press(KEY.Key_Return)
    (made,) = goods.find("사진빵", 2)
    assert made.picture and set(goods.pictures([made.id])) == {made.id}
    goods.set_on_sale(page._actor, made.id, is_on_sale=False)


def test_what_is_no_picture_is_said_and_the_old_one_stays(
    counter, page, settle, goods, tmp_path, photo
):
    before = goods.pictures([TEA])
    form = open_form(page, settle, TEA)
    broken, text = tmp_path / "a.png", tmp_path / "b.png"
    broken.write_bytes(photo.read_bytes()[:40])
    text.write_text("빵")
    for path, why in (
        (text, "PNG, JPEG, WebP 사진만 쓸 수 있습니다."),
        (broken, "손상되었거나 읽을 수 없는 사진입니다. 다른 사진을 골라 주세요."),
        (tmp_path, "사진 파일을 열지 못했습니다. 다른 파일을 골라 주세요."),
    ):
        form.picture.chosen.emit(path)
        settle()
        assert form.picture.message.text() == f"✗ {why}"
        assert goods.pictures([TEA]) == before and form.picture.picture.content == before[TEA]
    counter.texts.set_language("en")
    assert form.picture.message.text() == "✗ The file could not be opened. Choose another one."
    counter.texts.set_language("ko")
    form = open_form(page, settle, TEA)
    assert form.picture.message.text() == "PNG, JPEG, WebP 파일을 끌어다 놓아도 됩니다."


def test_a_file_is_dropped_on_a_form_alone(page, settle, goods, photo):
    before = goods.pictures([TEA])
    drop(page, photo)
    settle()
    assert not page.view.has_form and goods.pictures([TEA]) == before
    open_form(page, settle, TEA)
    drop(page, photo, photo)
    settle()
    assert goods.pictures([TEA]) == before, "one file only"
    drop(page, photo)
    settle()
    assert goods.pictures([TEA]) != before
    goods.set_picture(page._actor, TEA, before[TEA])


def drop(page, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton)
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), *given, none)
    enter.ignore()
    QApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(9, 9), *given, none))


def test_a_file_is_read_off_the_gui_thread_and_nothing_is_saved_meanwhile(
    page, settle, goods, photo, monkeypatch, press
):
    form = open_form(page, settle, TEA)
    let_go, threads = threading.Event(), []

    def slow(path: Path) -> bytes:
        threads.append(threading.current_thread())
        assert let_go.wait(5)
        raise UserError(ErrorCode.PICTURE_BROKEN)

    monkeypatch.setattr(picture_flow, "read_picture", slow)
    form.picture.chosen.emit(photo)
    form.name.line.setText("유자차2")
    page._submit()
    form.picture.remove.click()
    let_go.set()
    settle()
    assert page.view.has_form and goods.get(TEA).product.name == "수제 유자차"
    assert goods.pictures([TEA]) and threading.main_thread() not in threads
