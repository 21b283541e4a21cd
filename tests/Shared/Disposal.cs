namespace Portal.Testing;

/// <summary>Takes things away so that one that fails keeps none of the others, and so that a failed beginning leaves nothing.</summary>
public static class Disposal
{
    /// <summary>Disposes all that are there, in order, and fails with what failed when it has tried each.</summary>
    public static async Task AllAsync(params IEnumerable<IAsyncDisposable?> parts)
    {
        var failures = new List<Exception>();
        foreach (var part in parts.OfType<IAsyncDisposable>())
        {
            try
            {
                await part.DisposeAsync();
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("Cleaning up after a test failed.", failures);
        }
    }

    /// <summary>
    /// Begins, and ends again when that fails: xunit disposes no test class whose <c>InitializeAsync</c> threw.
    /// </summary>
    public static async Task UnlessBegunAsync(Func<Task> begin, Func<Task> end)
    {
        try
        {
            await begin();
        }
        catch (Exception failure)
        {
            try
            {
                await end();
            }
            catch (Exception more)
            {
                throw new AggregateException(failure, more);
            }

            throw;
        }
    }
}
