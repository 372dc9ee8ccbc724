//! Frames of HTTP/2, as far as faults send them.

/// Length, type, flags and stream.
const HEAD: usize = 9;

fn frame(kind: u8, flags: u8, (stream, payload): (u32, &[u8])) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
    let mut frame = length.get(1..).unwrap_or_default().to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `RST_STREAM` with a code.
pub(super) fn reset(stream: u32, code: u32) -> Vec<u8> {
    frame(3, 0, (stream, &code.to_be_bytes()))
}

/// `GOAWAY` without an error, up to a stream.
pub(super) fn go_away(last: u32) -> Vec<u8> {
    let mut payload = last.to_be_bytes().to_vec();
    payload.extend([0; 4]);
    frame(7, 0, (0, &payload))
}

/// `HEADERS` with a status alone, which leaves the compression of headers as it was.
pub(super) fn interim(stream: u32, status: u16) -> Vec<u8> {
    // A literal that is not kept, with the name from entry 8 of the static table.
    let mut payload = vec![0x08, 3];
    payload.extend(status.to_string().bytes().take(3));
    frame(1, 0x4, (stream, &payload))
}

/// Where in a frame a sequence of frames stands.
#[derive(Debug, Default)]
pub(super) struct Boundary {
    head: Vec<u8>,
    payload: usize,
}

impl Boundary {
    /// Whether no frame is under way.
    pub(super) const fn is_clear(&self) -> bool {
        self.head.is_empty() && self.payload == 0
    }

    /// Goes past bytes.
    pub(super) fn pass(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.payload > 0 {
                let part = self.payload.min(bytes.len());
                self.payload -= part;
                bytes = bytes.get(part..).unwrap_or_default();
                continue;
            }
            let part = (HEAD - self.head.len()).min(bytes.len());
            let (head, rest) = bytes.split_at(part);
            self.head.extend(head);
            bytes = rest;
            if let [a, b, c, _, _, _, _, _, _] = self.head.as_slice() {
                let length = u32::from_be_bytes([0, *a, *b, *c]);
                self.payload = usize::try_from(length).unwrap_or(usize::MAX);
                self.head.clear();
            }
        }
    }
}
