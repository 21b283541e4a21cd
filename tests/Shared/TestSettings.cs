using System.Globalization;

namespace Portal.Testing;

/// <summary>
/// What a run of the tests may change about them, from the environment: how long they wait, how much they do, and with which OCI
/// runtime. Without a word of the environment they are as a developer's machine wants them.
/// </summary>
public static class TestSettings
{
    /// <summary>The OCI runtime of the engines under test (<c>PORTAL_TEST_RUNTIME</c>); null lets each engine choose.</summary>
    public static string? Runtime { get; } = Read("PORTAL_TEST_RUNTIME");

    /// <summary>True for the long form of suites that kill over and over (<c>PORTAL_TEST_LONG=1</c>).</summary>
    public static bool IsLong { get; } = Read("PORTAL_TEST_LONG") is "1";

    /// <summary>
    /// What the kernel must have, by the names of ip-link(8) (<c>PORTAL_TEST_KERNEL="vlan ipvlan"</c>); empty for whatever it has.
    /// </summary>
    public static IReadOnlySet<string> KernelFeatures { get; } = (Read("PORTAL_TEST_KERNEL") ?? "").Split(' ').ToHashSet();

    /// <summary>How many times slower than a developer's machine this one is taken to be (<c>PORTAL_TEST_PATIENCE</c>), 1 or more.</summary>
    public static double Patience { get; } =
        double.TryParse(Read("PORTAL_TEST_PATIENCE"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor)
            ? Math.Clamp(factor, 1, 100)
            : 1;

    /// <summary>A deadline, longer where the machine is slow.</summary>
    public static TimeSpan Within(TimeSpan deadline) => deadline * Patience;

    /// <summary>A number of rounds: few in the default run, many where a run asks for the long form.</summary>
    public static int Rounds(int usual, int longForm) => IsLong ? longForm : usual;

    /// <summary>
    /// How long something goes on: a length in the long form (<c>PORTAL_TEST_MINUTES</c> sets another), none or a short one in the
    /// usual run.
    /// </summary>
    public static TimeSpan Long(TimeSpan usual, TimeSpan longForm) =>
        !IsLong ? usual
        : int.TryParse(Read("PORTAL_TEST_MINUTES"), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            ? TimeSpan.FromMinutes(minutes)
            : longForm;

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
