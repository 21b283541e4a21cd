namespace Portal.Bench.Reports;

/// <summary>The page for readers: a section an area, of which a run writes its own and leaves the others.</summary>
internal static class Page
{
    private const string Head = """
        # Benchmarks

        Written by `./portal bench`; `./portal bench AREA` writes the section of one area anew. Each figure is a whole
        command of the client, median of the rounds with the smallest and the largest in parentheses. The engines take turns, each with folders
        and a socket of its own, for containers with a network namespace too. Compare ratios, not milliseconds: machines differ, and this one
        may have been busy. What each target means and where the time goes is in [performance.md](performance.md).

        """;

    private static readonly string[] s_areas = ["containers", "images", "builds", "networks", "fleet", "ui"];

    public static string Replace(string page, string area, string section)
    {
        var sections = s_areas.ToDictionary(name => name, name => name == area ? section : Find(page, name));
        var written = sections.Where(entry => entry.Value is not null).Select(entry => $"\n{Title(entry.Key)}\n\n{entry.Value!.Trim()}\n");
        return Head + string.Concat(written);
    }

    private static string? Find(string page, string area)
    {
        var begin = page.IndexOf($"\n{Title(area)}\n", StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        begin += Title(area).Length + 2;
        var end = page.IndexOf("\n## ", begin, StringComparison.Ordinal);
        return end < 0 ? page[begin..] : page[begin..end];
    }

    private static string Title(string area) => $"## {char.ToUpperInvariant(area[0])}{area[1..]}";
}
