"""`manage.py broker`: the bundled broker alone, for a web server and a worker that are started by hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.processes.broker import BrokerMissingError, broker_child, socket_path
from apps.core.processes.child import ChildFailedError
from apps.core.processes.group import running, stop_signals_raise, watch


class Command(BaseCommand):
    help = "单独启动内置消息服务，Ctrl-C 停止。/ Run the bundled broker alone until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            child = broker_child(
                socket=socket_path(settings.VAR_DIR),
                data_dir=settings.VAR_DIR / "broker",
                log_path=settings.VAR_DIR / "log" / "broker.log",
            )
            with stop_signals_raise(), running([child]):
                self.stdout.write(f"unix://{socket_path(settings.VAR_DIR)}")
                watch([child])
        except KeyboardInterrupt:
            return
        except (BrokerMissingError, ChildFailedError) as error:
            raise CommandError(str(error)) from error
