using Hls4Net.Core.Diagnostics;
using Hls4Net.Trigger.Hdf5;

namespace Hls4Net.Trigger.Events;

/// <summary>
/// Event files of the ADC2021 challenge (Zenodo 5046389 and its signals): <c>Particles</c> of shape [events, 19, 4] with pT in GeV, eta, phi
/// and class, in the order MET, 4 electrons or photons, 4 muons, 10 jets; <c>EvtId</c> in the black boxes. A slot holds an object if and only
/// if its pT is above 0: a bug of the files' makers left slots of class 4 and pT 0 in the middle of the jets.
/// </summary>
internal sealed class Adc2021Reader : IEventReader
{
    public const string Particles = "Particles";
    public const string Ids = "EvtId";
    public const string Names = "Particles_Names";
    public const string Classes = "Particles_Classes";
    public const int Slots = 19;
    public const int Columns = 4;

    private const string ColumnNames = "Pt Eta Phi Class";

    private readonly Hdf5File _file;
    private readonly Hdf5Dataset _particles;
    private readonly Hdf5Dataset? _ids;
    private readonly EventUnits _units;
    private long _next;

    public Adc2021Reader(Hdf5File file, EventUnits units)
    {
        (_file, _units) = (file, units);
        _particles = file.Dataset(Particles);
        if (_particles.Shape.Count != 3 || _particles.Shape[1] != Slots || _particles.Shape[2] != Columns || !_particles.IsNumeric)
            throw new UserErrorException(Messages.ArrayShape($"{file.Path}: {Particles}", $"[{string.Join(", ", _particles.Shape)}]", $"[events, {Slots}, {Columns}]", ""));
        if (file.Has(Ids))
            _ids = file.Dataset(Ids);
        if (_ids is not null && (_ids.Shape.Count != 1 || _ids.Shape[0] != _particles.Shape[0]))
            throw new UserErrorException(Messages.ArrayShape($"{file.Path}: {Ids}", $"[{string.Join(", ", _ids.Shape)}]", $"[{_particles.Shape[0]}]", ""));
        CheckNames();
    }

    public string Path => _file.Path;

    public EventFormat Format => EventFormat.Adc2021;

    public long? Count => _particles.Shape[0];

    public IReadOnlyList<string> FeatureNames => [];

    public EventBlock? Read()
    {
        var rows = (int)Math.Min(_particles.PreferredRows, Count!.Value - _next);
        if (rows == 0)
            return null;
        var values = GC.AllocateUninitializedArray<double>(rows * Slots * Columns);
        _particles.Read(_next, rows, values);
        long[]? ids = null;
        if (_ids is not null)
            _ids.Read(_next, rows, ids = new long[rows]);
        var builder = new EventBuilder(Path, EventUnits.GeV, _units, "event");
        for (var i = 0; i < rows; i++)
            Add(builder, _next + i, values.AsSpan(i * Slots * Columns, Slots * Columns));
        var block = builder.Build(_next, ids);
        _next += rows;
        return block;
    }

    public void Dispose()
    {
        _ids?.Dispose();
        _particles.Dispose();
        _file.Dispose();
    }

    private static void Add(EventBuilder builder, long number, ReadOnlySpan<double> row)
    {
        builder.Begin(number, row[0], row[2]);
        for (var slot = 1; slot < Slots; slot++)
        {
            var (pt, eta, phi) = (row[slot * Columns], row[slot * Columns + 1], row[slot * Columns + 2]);
            if (pt == 0 && eta == 0 && phi == 0)
            {
                if (row[slot * Columns + 3] != 0)
                    builder.AddGhost();
                continue;
            }
            var (kind, first) = slot < 5 ? (ObjectKinds.ElectronOrPhoton, 1) : slot < 9 ? (ObjectKinds.Muon, 5) : (ObjectKinds.Jet, 9);
            builder.Add(kind, 0, (sbyte)(slot - first), pt, eta, phi);
        }
        builder.End();
    }

    private void CheckNames()
    {
        if (!_file.Has(Names))
            return;
        using var dataset = _file.Dataset(Names);
        var found = string.Join(' ', dataset.ReadTexts());
        if (found != ColumnNames)
            throw new UserErrorException(Messages.EventFormat(Path, $"{Names} is '{Messages.Printable(found)}' instead of '{ColumnNames}'"));
    }
}
