namespace Hls4Net.Trigger.Events;

/// <summary>Units of momenta in a file.</summary>
public enum EventUnits
{
    /// <summary>Those that the format has; momenta that cannot be in them are refused.</summary>
    OfTheFormat,
    GeV,
    MeV,
}
