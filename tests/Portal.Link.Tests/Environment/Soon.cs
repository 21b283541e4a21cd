using System.Diagnostics;
using Portal.Testing;

namespace Portal.Link.Tests.Environment;

internal static class Soon
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the condition holds, within 20 s or the given time; longer where the machine is slow.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> TrueAsync(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var deadline = TestSettings.Within(within ?? TimeSpan.FromSeconds(20));
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < deadline, $"Within {deadline.TotalSeconds} s it did not come to this: {what}.");
            await Task.Delay(s_step);
        }

        return watch.Elapsed;
    }
}
