using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Bench.Reports;

/// <summary>Where results go: one file for machines and one page for readers, each with a part an area. A run writes its own part anew.</summary>
internal static class ReportFiles
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="options">Which area, and where to.</param>
    /// <param name="data">For machines.</param>
    /// <param name="section">For readers, without its title.</param>
    public static async Task WriteAsync(BenchOptions options, object data, string section)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Results))!);
        var results = File.Exists(options.Results) ? JsonNode.Parse(await File.ReadAllTextAsync(options.Results))!.AsObject() : [];
        var areas = (results["areas"] ??= new JsonObject()).AsObject();
        areas[options.Area] = JsonSerializer.SerializeToNode(data, s_json);
        await ReplaceAsync(options.Results, results.ToJsonString(s_json) + "\n");
        if (options.Page.Length > 0)
        {
            var page = File.Exists(options.Page) ? await File.ReadAllTextAsync(options.Page) : "";
            await ReplaceAsync(options.Page, Page.Replace(page, options.Area, section));
        }
    }

    // Whole or not at all: the parts of other areas took hours.
    private static async Task ReplaceAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
