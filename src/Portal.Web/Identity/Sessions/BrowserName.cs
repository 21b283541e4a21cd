namespace Portal.Web.Identity.Sessions;

/// <summary>Tells from a <c>User-Agent</c> which browser somebody sat at, so that they recognise it.</summary>
internal static class BrowserName
{
    private const int MostKept = 256;

    // In this order: those further down call themselves by the names above as well, or the other way round.
    private static readonly (string Sign, string Name)[] s_browsers =
    [
        ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Version/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Sign, string Name)[] s_systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    /// <summary>What of it is kept: printable and bounded.</summary>
    public static string Clean(string agent)
    {
        var clean = new string([.. agent.Where(sign => sign is >= ' ' and <= '~')]);
        return clean.Length > MostKept ? clean[..MostKept] : clean;
    }

    /// <summary>As <c>Firefox 128 on Linux</c>.</summary>
    public static string Of(string agent)
    {
        var browser = s_browsers.FirstOrDefault(candidate => agent.Contains(candidate.Sign, StringComparison.Ordinal));
        var system = s_systems.FirstOrDefault(candidate => agent.Contains(candidate.Sign, StringComparison.Ordinal));
        var name = browser.Name is null ? "Another program" : $"{browser.Name} {VersionOf(agent, browser.Sign)}".TrimEnd();
        return system.Name is null ? name : $"{name} on {system.Name}";
    }

    private static string VersionOf(string agent, string sign)
    {
        var rest = agent[(agent.IndexOf(sign, StringComparison.Ordinal) + sign.Length)..];
        return new string([.. rest.TakeWhile(char.IsAsciiDigit).Take(4)]);
    }
}
