namespace Hls4Net.Transforms.Arithmetic.Sharing;

/// <content>Levels of all rows, computed anew.</content>
internal sealed partial class SharedRows
{
    /// <summary>The lowest level for every variable; to be called between steps.</summary>
    public void LowerDepths()
    {
        var highest = 0;
        foreach (var row in _rows)
            highest = Math.Max(highest, row.Depth);
        // What a row reads is there before it.
        for (var depth = 0; depth <= highest; depth++)
        {
            for (var k = Inputs; k < _rows.Count; k++)
            {
                if (_rows[k].Depth == depth && _rows[k].IsLive)
                    Lower(_rows[k]);
            }
        }
        for (var k = Inputs; k < _rows.Count; k++)
        {
            if (_rows[k].IsLive)
                _rows[k].Kraft = KraftOf(_rows[k]);
        }
    }

    private void Lower(SharedRow row)
    {
        row.Kraft = KraftOf(row);
        var isRead = row.Uses.Count > 0 || !IsResult(row.Variable);
        row.Depth = row.Limit = isRead ? SharedRow.LevelOf(row.Kraft) : Deadlines[row.Variable - Inputs];
    }

    private long KraftOf(SharedRow row)
    {
        var kraft = row.OwnKraft;
        foreach (var term in row.Terms.Span)
            kraft += 1L << _rows[TermCode.Variable(term)].Depth;
        return kraft;
    }
}
