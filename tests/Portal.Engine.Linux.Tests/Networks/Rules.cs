using System.Diagnostics;
using Portal.Engine.Linux.Networks.Bridge;
using Portal.Engine.Linux.Networks.Links;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>Looks at the kernel, and changes it behind the engine's back.</summary>
internal static class Rules
{
    public static string List(string table) => Nft("list", "table", "inet", table);

    public static bool Exists(string table) => Nft("list", "tables").Contains($"table inet {table}\n", StringComparison.Ordinal);

    public static void Delete(string table) => Nft("delete", "table", "inet", table);

    public static IReadOnlyList<string> Veths(string instance)
    {
        var names = new VethNames(instance);
        using var routes = RouteSocket.Open();
        return [.. routes.Links().Select(link => link.Name).Where(names.IsOne)];
    }

    public static bool LinkExists(string name)
    {
        using var routes = RouteSocket.Open();
        return routes.FindLink(name) is not null;
    }

    public static void DeleteLink(string name)
    {
        using var routes = RouteSocket.Open();
        routes.Delete(name);
    }

    private static string Nft(params string[] arguments)
    {
        var start = new ProcessStartInfo("nft") { RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
