using System.Globalization;
using System.Text;

namespace Hls4Net.Core.Data;

/// <summary>A level of the hierarchy of a waveform.</summary>
public sealed record VcdScope(string Name, IReadOnlyList<VcdVariable> Variables, IReadOnlyList<VcdScope> Scopes);

/// <summary>A signal of a waveform.</summary>
/// <param name="Name">A Verilog identifier.</param>
/// <param name="Width">Bits.</param>
/// <param name="Number">Signals of equal number are one signal under several names.</param>
public sealed record VcdVariable(string Name, int Width, int Number);

/// <summary>
/// Writes a waveform as a value change dump (IEEE 1364-2005, clause 18), which GTKWave and every simulator's viewer read. There is no date in
/// it: the same simulation gives the same bytes.
/// </summary>
public sealed class VcdWriter : IDisposable
{
    private const int FirstCode = '!';
    private const int Codes = '~' - '!' + 1;

    private readonly StreamWriter _text;
    private long? _pending;

    /// <param name="stream">Receives the text; left open.</param>
    /// <param name="writer">The program that writes, with its version.</param>
    /// <param name="top">The signals.</param>
    public VcdWriter(Stream stream, string writer, IReadOnlyList<VcdScope> top)
    {
        _text = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        _text.Write($"$version {writer} $end\n$timescale 1ps $end\n");
        foreach (var scope in top)
            Declare(scope);
        _text.Write("$enddefinitions $end\n");
    }

    /// <summary>Changes from here on happen at a time.</summary>
    /// <param name="picoseconds">Later than before.</param>
    public void At(long picoseconds) => _pending = picoseconds;

    /// <summary>A signal takes a value.</summary>
    /// <param name="digits">Its bits, the highest first.</param>
    public void Change(int number, ReadOnlySpan<char> digits)
    {
        if (_pending is { } time)
        {
            _text.Write(string.Create(CultureInfo.InvariantCulture, $"#{time}\n"));
            _pending = null;
        }
        if (digits.Length == 1)
        {
            _text.Write(digits[0]);
        }
        else
        {
            _text.Write('b');
            // A reader puts zeros in front of a number that begins with 1, and more of the same in front of 0 and x.
            var first = digits.IndexOfAnyExcept(digits[0] == '1' ? ' ' : digits[0]);
            _text.Write(first < 0 ? digits[^1..] : digits[0] == '0' ? digits[first..] : digits);
            _text.Write(' ');
        }
        WriteCode(number);
        _text.Write('\n');
    }

    /// <summary>The waveform ends at a time.</summary>
    public void End(long picoseconds)
    {
        _text.Write(string.Create(CultureInfo.InvariantCulture, $"#{picoseconds}\n"));
        _text.Flush();
    }

    public void Dispose() => _text.Dispose();

    private void Declare(VcdScope scope)
    {
        _text.Write($"$scope module {scope.Name} $end\n");
        foreach (var variable in scope.Variables)
        {
            _text.Write(string.Create(CultureInfo.InvariantCulture, $"$var wire {variable.Width} "));
            WriteCode(variable.Number);
            _text.Write(variable.Width == 1 ? $" {variable.Name} $end\n" : string.Create(CultureInfo.InvariantCulture, $" {variable.Name} [{variable.Width - 1}:0] $end\n"));
        }
        foreach (var inner in scope.Scopes)
            Declare(inner);
        _text.Write("$upscope $end\n");
    }

    /// <summary>The number in printable characters, the lowest digit first.</summary>
    private void WriteCode(int number)
    {
        do
        {
            _text.Write((char)(FirstCode + number % Codes));
            number = number / Codes - 1;
        }
        while (number >= 0);
    }
}
