using System.Text.Json;

namespace Portal.Agent.Hosting.Volumes;

/// <summary>The list of volumes, as columns.</summary>
internal static class VolumeTable
{
    private static readonly string[] s_titles = ["VOLUME NAME", "SIZE", "CONTAINERS", "OPTIONS"];

    public static void Write(TextWriter output, JsonElement volumes, bool namesAlone)
    {
        var rows = volumes.EnumerateArray().Select(Row).ToList();
        if (namesAlone)
        {
            rows.ForEach(row => output.WriteLine(row[0]));
            return;
        }

        rows.Insert(0, s_titles);
        var widths = Enumerable.Range(0, s_titles.Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string[] Row(JsonElement volume)
    {
        var usage = volume.GetProperty("UsageData");
        var size = usage.GetProperty("Size").GetInt64();
        return
        [
            volume.GetProperty("Name").GetString()!,
            size < 0 ? "-" : Size.Format(size),
            $"{usage.GetProperty("RefCount").GetInt64()}",
            Options(volume),
        ];
    }

    private static string Options(JsonElement volume) =>
        volume.TryGetProperty("Options", out var options) && options.ValueKind == JsonValueKind.Object
            ? string.Join(' ', options.EnumerateObject().Select(option => $"{option.Name}={option.Value.GetString()}"))
            : "";
}
