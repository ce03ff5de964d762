namespace Hls4Net.Transforms.Arithmetic;

/// <summary>The proof that a problem with tables is the problem without: every entry of every table, and every coefficient of every row.</summary>
public static class InputTablesProof
{
    /// <exception cref="InvalidOperationException">It is not: the compiler's own mistake.</exception>
    public static void Check(LinearProblem problem, InputTables tables)
    {
        for (var k = 0; k < tables.Tables.Count; k++)
            CheckTable(problem, tables, k);
        for (var k = 0; k < problem.Rows.Count; k++)
            CheckRow(problem, tables, k);
    }

    private static void CheckTable(LinearProblem problem, InputTables tables, int index)
    {
        var table = tables.Tables[index];
        var inputs = tables.Groups[table.Group].Select(k => problem.Inputs[k]).ToArray();
        if (table.Entries.Count != 1 << inputs.Sum(i => InputTables.TypeOf(i).Width) || table.Factors.Count != inputs.Length)
            throw new InvalidOperationException("A table has not one entry for each code of its inputs.");
        for (var code = 0; code < table.Entries.Count; code++)
        {
            var (sum, position) = (-table.Offset, 0);
            for (var k = 0; k < inputs.Length; k++)
            {
                var width = InputTables.TypeOf(inputs[k]).Width;
                sum += table.Factors[k] * InputTables.ValueOf(inputs[k], (code >> position) & ((1 << width) - 1));
                position += width;
            }
            if (sum != table.Entries[code] || sum < tables.Problem.Inputs[index].Low || sum > tables.Problem.Inputs[index].High)
                throw new InvalidOperationException("A table has an entry that is not its sum.");
        }
    }

    private static void CheckRow(LinearProblem problem, InputTables tables, int index)
    {
        var (row, built) = (problem.Rows[index], tables.Problem.Rows[index]);
        var sum = LinearFunction.Of(built.Constant);
        foreach (var (input, factor) in built.Terms)
        {
            if (input >= tables.Tables.Count)
            {
                sum += LinearFunction.OfInput(tables.Kept[input - tables.Tables.Count]).Times(factor);
                continue;
            }
            var table = tables.Tables[input];
            sum += LinearFunction.Of(-table.Offset * factor);
            for (var k = 0; k < table.Factors.Count; k++)
            {
                if (!table.Factors[k].IsZero)
                    sum += LinearFunction.OfInput(tables.Groups[table.Group][k]).Times(table.Factors[k] * factor);
            }
        }
        if (!sum.IsParallelTo(row.Terms) || sum.Constant != row.Constant || row.Bits != built.Bits)
            throw new InvalidOperationException($"Row {index} of a constant multiplication is another one with tables.");
    }
}
