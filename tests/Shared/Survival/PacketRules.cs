using System.Diagnostics;

namespace Portal.Testing.Survival;

/// <summary>An instance's table of packet rules, as nft(8) lists it.</summary>
internal static class PacketRules
{
    private const string Elements = "elements = ";

    // Ports of all addresses, and of one.
    private static readonly string[] s_maps = ["ports", "ports_at", "ports6", "ports6_at"];

    /// <summary>How many published ports lead to containers.</summary>
    public static int CountPorts(string table) => s_maps.Sum(map => CountElements(Nft("list", "map", "inet", table, map)));

    /// <summary>How long the whole table is, as text: the same again when nothing of what was added to it has stayed.</summary>
    public static int Length(string table) => Nft("list", "table", "inet", table).Length;

    private static int CountElements(string map)
    {
        // elements = { 127.0.0.1 . tcp . 32768 : 172.20.0.2 . 80, ... }
        var begin = map.IndexOf(Elements, StringComparison.Ordinal);
        return begin < 0 ? 0 : map[begin..].Split(" : ").Length - 1;
    }

    private static string Nft(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("nft", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'nft {string.Join(' ', arguments)}' exited with {process.ExitCode}.");
    }
}
