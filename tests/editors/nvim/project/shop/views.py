import json


def show(album):
    return json.dumps({"id": album.id})
