using Portal.Bench.Peers;

namespace Portal.Bench.Rows;

/// <summary>One thing to measure.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Unit"><c>ms</c>, <c>MB</c>, <c>us</c>, <c>Mbit/s</c> or <c>/s</c>.</param>
/// <param name="Rounds">Rounds that count.</param>
/// <param name="Target">What share of dockerd's figure is to be reached; null where none is set.</param>
/// <param name="MeasureAsync">One round on one peer: its figure in the unit. Prepares and cleans up outside the figure.</param>
public sealed record Row(string Name, string Unit, int Rounds, double? Target, Func<IPeer, Task<double>> MeasureAsync)
{
    /// <summary>True to measure it on this engine alone.</summary>
    public bool IsOwnAlone { get; init; }

    /// <summary>False for what takes so long that one round must do, or needs no warm-up.</summary>
    public bool WarmsUp { get; init; } = true;
}
