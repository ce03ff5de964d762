namespace Hls4Net.Core.Diagnostics;

/// <summary>HLS305x: layers of the HLS dialect.</summary>
public static partial class Messages
{
    public static readonly Rule HlsTableRule = new("HLS3050", Severity.Error, "A table of the HLS dialect cannot be made as it is configured.",
        """
        In the HLS dialect a table has a number of entries that the user chooses (1024 by default). It must be from 2 to 1048576. The tables of
        a softmax are addressed by the leading bits of a type, which must have at least as many bits as number the entries: a wider
        `inv_inp` or `inp_norm` type, or fewer entries, mend it. Entries may have up to 63 bits.
        """);

    /// <summary>A table that cannot be made.</summary>
    public static Diagnostic HlsTable(string where, string what) => new(HlsTableRule, where, what);
}
