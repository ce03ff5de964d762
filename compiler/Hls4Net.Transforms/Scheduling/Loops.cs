using Hls4Net.Core.Netlists;

namespace Hls4Net.Transforms.Scheduling;

/// <summary>
/// The cells of a module in an order in which everything comes after what it needs, loops through a <see cref="State"/> as one piece:
/// the strongly connected components of the cells (R. Tarjan, SIAM Journal on Computing 1, 1972).
/// </summary>
internal sealed class Loops
{
    private readonly Module _module;
    private readonly int[] _drivers;
    private readonly int[] _numbers;
    private readonly int[] _lowest;
    private readonly bool[] _isOpen;
    private readonly Stack<int> _open = new();
    private readonly List<int[]> _pieces = [];
    private int _count;

    private Loops(Module module)
    {
        _module = module;
        _drivers = new int[module.Nets.Count];
        Array.Fill(_drivers, -1);
        for (var c = 0; c < module.Cells.Count; c++)
        {
            foreach (var result in module.Cells[c].Results)
                _drivers[result] = c;
        }
        (_numbers, _lowest, _isOpen) = (new int[module.Cells.Count], new int[module.Cells.Count], new bool[module.Cells.Count]);
    }

    /// <summary>Cells by position in the module, those of a loop in the module's order; a cell in no loop is a piece of its own.</summary>
    public static IReadOnlyList<int[]> Of(Module module)
    {
        if (!module.Cells.Any(c => c is State))
            return [.. Enumerable.Range(0, module.Cells.Count).Select(c => new[] { c })];
        var loops = new Loops(module);
        for (var c = 0; c < module.Cells.Count; c++)
        {
            if (loops._numbers[c] == 0)
                loops.Visit(c);
        }
        return loops._pieces;
    }

    /// <summary>The states on which one of the nets depends, through other states as well.</summary>
    public static IEnumerable<State> Reaching(Module module, IEnumerable<int> nets)
    {
        var loops = new Loops(module);
        var seen = new bool[module.Cells.Count];
        var open = new Stack<int>(nets.Select(n => loops._drivers[n]));
        while (open.TryPop(out var cell))
        {
            if (cell < 0 || seen[cell])
                continue;
            seen[cell] = true;
            foreach (var operand in module.Cells[cell].Operands)
                open.Push(loops._drivers[operand]);
            if (module.Cells[cell] is State state)
                yield return state;
        }
    }

    /// <summary>Goes through everything that a cell needs; without recursion, because a chain of cells can be long.</summary>
    private void Visit(int root)
    {
        var path = new Stack<(int Cell, int Next)>();
        Enter(root, path);
        while (path.TryPop(out var at))
        {
            var operands = _module.Cells[at.Cell].Operands;
            if (at.Next == operands.Count)
            {
                Leave(at.Cell);
                if (path.TryPeek(out var user))
                    _lowest[user.Cell] = Math.Min(_lowest[user.Cell], _lowest[at.Cell]);
                continue;
            }
            path.Push((at.Cell, at.Next + 1));
            var driver = _drivers[operands[at.Next]];
            if (driver >= 0 && _numbers[driver] == 0)
                Enter(driver, path);
            else if (driver >= 0 && _isOpen[driver])
                _lowest[at.Cell] = Math.Min(_lowest[at.Cell], _numbers[driver]);
        }
    }

    private void Enter(int cell, Stack<(int Cell, int Next)> path)
    {
        _numbers[cell] = _lowest[cell] = ++_count;
        _isOpen[cell] = true;
        _open.Push(cell);
        path.Push((cell, 0));
    }

    private void Leave(int cell)
    {
        if (_lowest[cell] != _numbers[cell])
            return;
        var piece = new List<int>();
        int member;
        do
        {
            member = _open.Pop();
            _isOpen[member] = false;
            piece.Add(member);
        }
        while (member != cell);
        _pieces.Add([.. piece.Order()]);
    }
}
