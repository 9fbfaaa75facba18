import json

print(json.dumps({"databases": 0}))
