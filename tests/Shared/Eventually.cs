namespace Portal.Testing;

/// <summary>Waits for things that happen elsewhere, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromSeconds(30));

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within the deadline.</exception>
    public static async Task HoldsAsync(Func<bool> condition, string what = "the condition")
    {
        await HoldsAsync(() => Task.FromResult(condition()), what);
    }

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string)"/>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what = "the condition")
    {
        var end = Environment.TickCount64 + (long)s_deadline.TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 > end)
            {
                throw new TimeoutException($"After {s_deadline.TotalSeconds} s, this does not hold: {what}.");
            }

            await Task.Delay(5);
        }
    }
}
