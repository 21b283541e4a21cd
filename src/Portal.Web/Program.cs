using Portal.Web.Backups;

return BackupCommand.Is(args)
    ? await new BackupCommand(Console.Out, Console.Error).RunAsync(args, CancellationToken.None)
    : await Portal.Web.PortalApplication.Create(args).RunAsync();
