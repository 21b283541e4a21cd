namespace Portal.Engine.Builds.Caching;

/// <summary>
/// Lets steps with the same key run one after another, so that of two builds that come to the same step at the same time the second
/// finds the first one's result. When the first fails or is stopped, the next one runs it.
/// </summary>
/// <remarks>Singleton; any thread. Whoever is in holds no other key and waits for no one who does, so there is no circle.</remarks>
internal sealed class StepFlights
{
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Waits for the key.</summary>
    /// <param name="key">The step's.</param>
    /// <param name="onWait">Called when another one is in.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>To be disposed when the step is over.</returns>
    public async Task<IDisposable> EnterAsync(string key, Action onWait, CancellationToken cancellationToken)
    {
        Flight? flight;
        lock (_flights)
        {
            if (!_flights.TryGetValue(key, out flight))
            {
                _flights[key] = flight = new Flight();
            }

            flight.Users++;
        }

        try
        {
            if (!flight.Gate.Wait(0, CancellationToken.None))
            {
                onWait();
                await flight.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            Leave(key, flight);
            throw;
        }

        return new Seat(() =>
        {
            flight.Gate.Release();
            Leave(key, flight);
        });
    }

    private void Leave(string key, Flight flight)
    {
        lock (_flights)
        {
            if (--flight.Users == 0)
            {
                _flights.Remove(key);
                flight.Gate.Dispose();
            }
        }
    }

    private sealed class Flight
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Seat(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
