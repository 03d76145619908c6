"""nginx with its module nchan, Redis in between, where both are installed.

    python -m tests.benchmarks.fanout.nchan_server REDIS_URL FOLDER PORT

On Debian: `apt-get install libnginx-mod-nchan`. It becomes nginx, one process, on the loopback
address, with its files in the folder; what is posted to /publish is sent to every WebSocket on /.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

MODULE = "ngx_nchan_module.so"
FOLDERS = (Path("/usr/lib/nginx/modules"), Path("/usr/lib64/nginx/modules"))
NGINX = ("/usr/sbin", "/usr/bin", "/usr/local/sbin")

_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr warn;
load_module {module};
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream redis {{ nchan_redis_server {redis_url}; }}
    server {{
        listen 127.0.0.1:{port};
        location = / {{
            nchan_subscriber websocket;
            nchan_channel_id sitting;
            nchan_subscriber_first_message newest;
            nchan_redis_pass redis;
        }}
        location = /publish {{
            nchan_publisher http;
            nchan_channel_id sitting;
            nchan_redis_pass redis;
        }}
    }}
}}
"""


def nginx() -> str | None:
    """Where nginx is, if it is installed with nchan."""
    found = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), *NGINX)))
    return found if found and _module() else None


def _module() -> Path | None:
    return next((one for folder in FOLDERS if (one := folder / MODULE).is_file()), None)


def main(redis_url: str, folder: Path, port: int) -> None:
    """Become nginx."""
    program, module = nginx(), _module()
    if program is None or module is None:
        raise SystemExit("nginx with nchan is not installed.")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        _CONFIGURATION.format(folder=folder, module=module, redis_url=redis_url, port=port)
    )
    os.execv(program, [program, "-p", str(folder), "-c", str(configuration)])  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
