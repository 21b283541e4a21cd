using Portal.Engine.Errors;

namespace Portal.Engine.Distribution;

/// <summary>Repeats what failed in a way that may pass, with growing pauses.</summary>
internal sealed class RegistryRetry(RegistryPolicy policy, TimeProvider time)
{
    /// <summary>Runs a step until it works, fails for good, or has failed too often.</summary>
    /// <param name="what">What is being got, for messages.</param>
    /// <param name="step">The step. It calls its argument when it made progress.</param>
    /// <param name="onRetry">Told before each pause.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T> RunAsync<T>(
        string what, Func<Action, Task<T>> step, Action<string> onRetry, CancellationToken cancellationToken)
    {
        var attempts = 0;
        for (var total = 1; ; total++)
        {
            try
            {
                return await step(() => attempts = 0).ConfigureAwait(false);
            }
            catch (TransientRegistryException failure)
            {
                if (++attempts >= policy.MaxAttempts || total >= policy.MaxTotalAttempts)
                {
                    throw new EngineException(
                        EngineErrorKind.Unavailable,
                        $"The transfer of {what} failed {attempts} times: {failure.Message}. Try again later.",
                        failure);
                }

                var pause = Pause(attempts, failure.RetryAfter);
                onRetry($"{failure.Message}; next try in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Pause(int attempts, TimeSpan? asked)
    {
        var grown = policy.FirstDelay * Math.Pow(2, attempts - 1);
        var pause = asked > grown ? asked.Value : grown;
        return pause > policy.MaxDelay ? policy.MaxDelay : pause;
    }
}
