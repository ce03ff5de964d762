using System.Globalization;
using Hls4Net.Core.Diagnostics;

namespace Hls4Net.Trigger.Events;

/// <summary>Collects events for a block and refuses what no event can have.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="usual">The units that the format has.</param>
/// <param name="stated">What the user says of them.</param>
/// <param name="place">What a number of <see cref="Begin"/> counts: "event" or "line".</param>
/// <param name="isConverted">Whether momenta come in GeV whatever the file has; messages show what the file has.</param>
internal sealed class EventBuilder(string path, EventUnits usual, EventUnits stated, string place, bool isConverted = false)
{
    /// <summary>Half of the energy at which protons collide at the LHC, rounded up; no object can have more.</summary>
    private const double MostPt = 7000;

    /// <summary>Formats in MeV hold reconstructed objects, which begin at some GeV.</summary>
    private const double LeastPt = 1;

    /// <summary>Any convention of an angle stays below.</summary>
    private const double MostPhi = 2 * Math.PI + 0.001;

    private const double MostEta = 20;

    /// <summary>Divided by, not multiplied with its reciprocal: 250000.5 MeV are the number nearest to 250.0005 GeV then.</summary>
    private readonly double _unitsOfGev = (stated == EventUnits.OfTheFormat ? usual : stated) == EventUnits.MeV ? 1000 : 1;
    private readonly List<double> _met = [];
    private readonly List<double> _metPhi = [];
    private readonly List<int> _starts = [0];
    private readonly List<EventObject> _objects = [];
    private long _place;
    private long _ghosts;

    /// <summary>Begins an event.</summary>
    /// <param name="number">Its place in the file, for messages.</param>
    public void Begin(long number, double met, double metPhi)
    {
        _place = number;
        _met.Add(Momentum("MET", met));
        _metPhi.Add(Angle("the MET's phi", metPhi));
    }

    /// <summary>Adds an object, unless it has no momentum: then it is an empty slot, whatever else is in it.</summary>
    public void Add(ObjectKinds kind, sbyte charge, sbyte slot, double pt, double eta, double phi)
    {
        if (pt == 0)
        {
            _ghosts += eta != 0 || phi != 0 ? 1 : 0;
            return;
        }
        var momentum = Momentum("pT", pt);
        if (usual == EventUnits.MeV && stated == EventUnits.OfTheFormat && momentum < LeastPt)
            throw Units($"a pT of {Number(InFile(pt))} MeV is too little for an object", "If the file is in GeV, say so: --units GeV");
        if (!(Math.Abs(eta) <= MostEta))
            throw Malformed($"an eta of {Number(eta)}");
        _objects.Add(new(kind, charge, slot, momentum, eta, Angle("phi", phi)));
    }

    /// <summary>A slot that holds something, but no momentum.</summary>
    public void AddGhost() => _ghosts++;

    public void End() => _starts.Add(_objects.Count);

    public EventBlock Build(long first, long[]? ids = null, double[]? weights = null, double[]? features = null) => new()
    {
        First = first,
        Count = _met.Count,
        Met = [.. _met],
        MetPhi = [.. _metPhi],
        Starts = [.. _starts],
        Objects = [.. _objects],
        Ids = ids,
        Weights = weights,
        Ghosts = _ghosts,
        Features = features,
    };

    public UserErrorException Malformed(string what) => new(Messages.EventMalformed(path, Place, what));

    private string Place => string.Create(CultureInfo.InvariantCulture, $"{place} {_place}");

    private double Momentum(string name, double value)
    {
        if (!double.IsFinite(value) || value < 0)
            throw Malformed($"{name} is {Number(InFile(value))}");
        var result = isConverted ? value : value / _unitsOfGev;
        if (stated == EventUnits.OfTheFormat && result > MostPt)
            throw Units($"{name} is {Number(InFile(value))}, more than any collision of protons gives in {usual}", usual == EventUnits.GeV ? "If the file is in MeV, say so: --units MeV" : "");
        return result;
    }

    private double InFile(double momentum) => isConverted ? momentum * _unitsOfGev : momentum;

    private double Angle(string name, double value)
    {
        if (!double.IsFinite(value))
            throw Malformed($"{name} is {Number(value)}");
        return Math.Abs(value) <= MostPhi ? value : throw Units($"{name} is {Number(value)}; radians are needed", "If the file is in degrees, convert it");
    }

    private UserErrorException Units(string what, string advice) => new(Messages.EventUnits(path, Place, what, advice));

    private static string Number(double value) => double.IsNaN(value) ? "NaN" : value.ToString("G6", CultureInfo.InvariantCulture);
}
