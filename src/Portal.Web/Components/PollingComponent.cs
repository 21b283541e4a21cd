using Portal.Web.Access;

namespace Portal.Web.Components;

/// <summary>
/// A page, or part of one, of what is in the database and changes there, by this portal or another: it is read again while it is open.
/// </summary>
public abstract class PollingComponent : FleetComponent
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private Task _reading = Task.CompletedTask;

    /// <summary>How long after one reading the next begins: a second, unless it says otherwise.</summary>
    protected virtual TimeSpan Interval => s_second;

    /// <summary>Reads now, since what is shown was changed here. A database that is away for a moment takes nothing from the page.</summary>
    public async Task RefreshAsync()
    {
        try
        {
            if (await ReadAsync())
            {
                StateHasChanged();
            }
        }
        catch (Exception failure) when (failure.IsDatabaseAway())
        {
            // What is shown stays; the next round shows what is new.
        }
    }

    /// <summary>Reads what is shown.</summary>
    /// <returns>Whether something is new.</returns>
    protected abstract Task<bool> ReadAsync();

    protected override async Task OnInitializedAsync()
    {
        await base.OnInitializedAsync();
        await ReadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            _reading = PageRefresh.RunAsync(Interval, Time, () => InvokeAsync(RefreshAsync), Closed);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _reading;
        GC.SuppressFinalize(this);
    }
}
