using System.Text.Json;
using Microsoft.Playwright;

namespace Portal.E2E.Tests.Soak;

/// <summary>What a page holds when all that nobody refers to is gone.</summary>
/// <param name="HeapBytes">Of its scripts.</param>
/// <param name="Nodes">Of all its documents, those that are detached among them.</param>
/// <param name="Listeners">For events, of scripts.</param>
internal sealed record PageMemory(double HeapBytes, double Nodes, double Listeners)
{
    public static async Task<PageMemory> MeasureAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        try
        {
            await session.SendAsync("Performance.enable");

            // What the first collection lets finalizers give up goes with the second.
            await session.SendAsync("HeapProfiler.collectGarbage");
            await session.SendAsync("HeapProfiler.collectGarbage");
            var metrics = (await session.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
                .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
            return new PageMemory(metrics["JSHeapUsedSize"], metrics["Nodes"], metrics["JSEventListeners"]);
        }
        finally
        {
            await session.DetachAsync();
        }
    }

    public override string ToString() => JsonSerializer.Serialize(this);
}
