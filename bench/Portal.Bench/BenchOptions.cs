namespace Portal.Bench;

/// <summary>How a run of the benchmarks is made.</summary>
/// <param name="Area"><c>containers</c>, <c>images</c>, <c>builds</c>, <c>networks</c>, <c>fleet</c> or <c>ui</c>.</param>
/// <param name="Agent">The published agent, <c>Portal.Agent.dll</c>.</param>
/// <param name="Results">Where the machine-readable results go.</param>
/// <param name="Page">Where the table for readers goes; empty for nowhere.</param>
/// <param name="Smoke">One round on this engine alone, to see that the harness works; the figures mean nothing.</param>
/// <param name="Alone">This engine alone, with figures that mean something, for the rows that compare it with nothing.</param>
public sealed record BenchOptions(string Area, string Agent, string Results, string Page, bool Smoke, bool Alone)
{
    /// <summary>The published portal, <c>Portal.Web.dll</c>; for the fleet alone.</summary>
    public string Web { get; init; } = "";

    /// <summary>The simulation of nodes, <c>Portal.Simulation.dll</c>; for the fleet alone.</summary>
    public string Simulation { get; init; } = "";

    /// <summary>Part of the names of the rows to measure, whatever their case; empty for all of them.</summary>
    public string Rows { get; init; } = "";

    /// <summary>Simulated nodes.</summary>
    public int FleetNodes => Smoke ? 5 : 1000;

    /// <summary>Containers of each of them.</summary>
    public int FleetContainers => Smoke ? 5 : 50;

    /// <summary>How long processor time is counted.</summary>
    public TimeSpan FleetWindow => TimeSpan.FromSeconds(Smoke ? 2 : 60);

    /// <summary>How often each page is asked for, after once that does not count.</summary>
    public int FleetRounds => Smoke ? 2 : 20;

    /// <summary>Simulated nodes in the rows about a list of 20,000 containers.</summary>
    public int ListNodes => Smoke ? 3 : 400;

    /// <summary>How often a list is searched, filtered and ordered, after once that does not count.</summary>
    public int ListRounds => Smoke ? 2 : 40;

    /// <summary>Turns of the wheel over a list.</summary>
    public int ListTurns => Smoke ? 10 : 600;

    /// <summary>How often each page is loaded in the browser.</summary>
    public int UiRounds => Smoke ? 2 : 20;

    /// <summary>Keys that are typed in a console.</summary>
    public int UiKeys => Smoke ? 10 : 500;

    /// <summary>Lines of a log that are waited for.</summary>
    public int UiLines => Smoke ? 5 : 200;

    /// <summary>Rounds that count, after one that does not.</summary>
    public int Rounds => Smoke ? 1 : 9;

    /// <summary>Rounds of what varies much and takes little.</summary>
    public int ManyRounds => Smoke ? 1 : 31;

    /// <summary>Rounds of what takes seconds.</summary>
    public int SlowRounds => Smoke ? 1 : 3;

    /// <summary>Containers in rows about many.</summary>
    public int Many => Smoke ? 3 : 20;

    /// <summary>Containers in the row about statistics.</summary>
    public int Watched => Smoke ? 3 : 50;

    /// <summary>Containers in the row about starts one after another.</summary>
    public int Serial => Smoke ? 3 : 100;

    /// <summary>Containers in the last rows about memory.</summary>
    public int Crowd => Smoke ? 4 : 200;

    /// <summary>Containers in the row about lists, which are created and not started.</summary>
    public int Listed => Smoke ? 10 : 500;

    /// <summary>Lines in the row about logs.</summary>
    public int LogLines => Smoke ? 2_000 : 200_000;

    /// <summary>Layers of the image that is pulled, loaded and saved, above the one with busybox.</summary>
    public int Layers => Smoke ? 3 : 24;

    /// <summary>Bytes of files in each of them.</summary>
    public int LayerBytes => Smoke ? 1_000_000 : 20_000_000;

    /// <summary>Layers of the images that differ in size alone.</summary>
    public int GrownLayers => Smoke ? 2 : 10;

    /// <summary>Bytes of files in each of their layers, by image.</summary>
    public IReadOnlyList<int> GrownLayerBytes => Smoke ? [100_000, 1_000_000] : [5_000_000, 50_000_000, 200_000_000];

    public static BenchOptions Parse(string[] arguments)
    {
        string Value(string name) =>
            Array.IndexOf(arguments, name) is >= 0 and var index && index + 1 < arguments.Length
                ? arguments[index + 1]
                : throw new ArgumentException($"{name} is missing; ./portal bench gives it.");

        return new BenchOptions(
            Value("--area"), Value("--agent"), Value("--results"), arguments.Contains("--page") ? Value("--page") : "",
            arguments.Contains("--smoke"), arguments.Contains("--alone"))
        {
            Web = arguments.Contains("--web") ? Value("--web") : "",
            Simulation = arguments.Contains("--simulation") ? Value("--simulation") : "",
            Rows = arguments.Contains("--rows") ? Value("--rows") : "",
        };
    }
}
