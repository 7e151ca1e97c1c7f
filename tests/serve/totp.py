"""The codes of RFC 6238, as an authenticator app shows them."""
import base64, hashlib, hmac, struct, time


def compute(secret, offset=0):
    """The code of now, or of some steps of 30 s away."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time() // 30) + offset), hashlib.sha1).digest()
    at = digest[19] & 15
    return "%06d" % ((struct.unpack(">I", digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000)
