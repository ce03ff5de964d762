namespace Hls4Net.Tests.Text;

/// <summary>Names as an ONNX file may hold them, good and evil.</summary>
internal static class HostileNames
{
    public static readonly string[] All =
    [
        "x", "layer/0/Gemm_output", "", " ", "a b", "\"", "\\", "\\\"", "\\u0041", "a\nb", "\r\n", "\t", "\0", "#comment", "%0", "node", "graph",
        "real", "null", "fixed<8,4>", "), (", "]}{[", "schön", "日本", "\u2028", "\u202Eabc", "\uD83D\uDE00", "\uD800", "\uDC00x", "\uFFFF", "e\u0301",
        "'; DROP", "<script>", "../../etc/passwd", new('n', 5000),
    ];
}
