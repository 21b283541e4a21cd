using System.Globalization;

namespace Portal.Simulation;

/// <summary>What is simulated.</summary>
public sealed record SimulationOptions
{
    /// <summary>The portal, on this host and without TLS.</summary>
    public required Uri Portal { get; init; }

    /// <summary>A join token that is good for all nodes.</summary>
    public required string Token { get; init; }

    public int Nodes { get; init; } = 1000;

    /// <summary>Containers of each node.</summary>
    public int Containers { get; init; } = 50;

    /// <summary>How often each node sends its containers' counters.</summary>
    public TimeSpan StatsInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Which share of all containers starts or stops each minute.</summary>
    public double ChangesPerMinute { get; init; } = 0.01;

    /// <summary>Nodes that join at the same time.</summary>
    public int JoinsAtOnce { get; init; } = 16;

    public static SimulationOptions Parse(string[] arguments, string token)
    {
        string Value(string name, string usual) =>
            Array.IndexOf(arguments, name) is >= 0 and var index && index + 1 < arguments.Length ? arguments[index + 1] : usual;
        double Number(string name, double usual) =>
            double.Parse(Value(name, usual.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

        return new SimulationOptions
        {
            Portal = new Uri(Value("--portal", "http://127.0.0.1:8080")),
            Token = token,
            Nodes = (int)Number("--nodes", 1000),
            Containers = (int)Number("--containers", 50),
            StatsInterval = TimeSpan.FromSeconds(Number("--stats", 5)),
            ChangesPerMinute = Number("--changes", 0.01),
        };
    }
}
